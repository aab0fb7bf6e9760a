// Images in the node's container engine: image ls, image load.
#include "app/cli/live_lines.h"
#include "app/cli/operation_lines.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "engine/interfaces/images.h"
#include "engine/model/resources.h"

#include <QDir>

#include <map>

namespace univrs::cli {

namespace {
using Images = std::vector<interfaces::StoredImage>;

constexpr size_t kShownId = 19; // "sha256:" and 12 digits

void print(Session& session, const Images& images) {
  Console& console = session.console();
  if (!session.tables()) {
    QJsonArray items;
    for (const auto& image : images) {
      items.append(interfaces::toJson(image));
    }
    printItems(console, session.format(), items, items.size());
    return;
  }
  std::vector<Column> columns{{"IMAGE", false, true}, {"ID"}, {"ARCH"}, {"SIZE", true}, {"MADE", true}};
  Table table(columns);
  for (const auto& image : images) {
    const std::string id = session.wide() ? image.id : image.id.substr(0, kShownId);
    const std::vector<std::string> names = image.tags.empty() ? std::vector<std::string>{""} : image.tags;
    for (const std::string& name : names) {
      if (session.options().quiet) {
        console.line(escapeControls(name.empty() ? image.id : name));
        continue;
      }
      table.add({{name.empty() ? "(no name)" : name, name.empty() ? Tone::Faint : Tone::Plain},
                 {id, Tone::Faint},
                 {image.arch},
                 {model::formatBytes(image.bytes)},
                 {image.createdAt.isSet() ? age(image.createdAt, wallNow()) : ""}});
    }
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
}

int list(Session& session) {
  const auto images =
      session.ask<Images>([](interfaces::Engine& e, auto reply) { e.images().listImages(std::move(reply)); });
  if (!images) {
    return session.console().fail(images.error());
  }
  if (images->empty() && session.tables()) {
    session.console().note("The engine has no images yet.");
    return kOk;
  }
  print(session, images.value());
  return kOk;
}

int load(Session& session, const std::string& file) {
  Console& console = session.console();
  std::string path = file;
  if (session.options().settings.text("to").empty()) {
    path = QDir::current().absoluteFilePath(QString::fromStdString(file)).toStdString();
  } else if (path.empty() || path.front() != '/') {
    return console.fail(base::makeError(base::ErrorCode::Validation, "no archive was loaded",
                                        "with --to the file lies on that node's own disk",
                                        "Copy it there and give its whole path, as /srv/image.tar"));
  }
  auto engine = session.engine();
  if (!engine) {
    return console.fail(engine.error());
  }
  // Progress is the operations' own; those that ran before are not this load.
  LiveLines lines(console);
  const std::string name = path.substr(path.rfind('/') + 1);
  std::map<std::string, bool> earlier;
  bool snapshot = true;
  interfaces::WatchHandlers handlers;
  std::optional<base::Result<Images>> answer;
  QEventLoop loop;
  const QPointer<QEventLoop> guard(&loop);
  const auto begin = [&] {
    engine.value()->images().loadImageArchive(path, [&answer, guard](base::Result<Images> result) {
      if (guard) {
        answer = std::move(result);
        guard->quit();
      }
    });
  };
  bool begun = false;
  handlers.onDeltas = [&](const std::vector<interfaces::Delta>& deltas) {
    for (const interfaces::Delta& delta : deltas) {
      if (delta.kind == interfaces::Delta::Kind::SnapshotEnd) {
        snapshot = false;
        if (!std::exchange(begun, true)) {
          begin();
        }
      }
      const auto* op = std::get_if<model::Operation>(&delta.object);
      if (op == nullptr || op->kind != "load" || op->subject != name) {
        continue;
      }
      if (snapshot && !begun && earlier.size() < 256) {
        earlier[op->id] = true;
      } else if (earlier.count(op->id) == 0 && !session.options().quiet) {
        op->finished ? lines.clear() : lines.show({operationLine(*op)});
      }
    }
  };
  std::string trouble;
  handlers.onConnection = [&](bool connected, const std::string& why) {
    trouble = connected ? std::string() : why;
    if (!connected && !begun) {
      loop.quit(); // no progress to be had: the call itself says what is wrong
    }
  };
  const auto watch = engine.value()->events().watch({{interfaces::Topic::Operations}, 0}, handlers);
  Session::End end = session.run(loop, session.options().timeout);
  if (!begun && end == Session::End::Done) {
    begun = true;
    begin();
    end = session.run(loop, session.options().timeout);
  }
  lines.clear();
  if (!answer) {
    return end == Session::End::Interrupted
               ? (console.note("Interrupted. The load goes on in the node; end it with: univrs cancel " + name),
                  int(kInterrupted))
               : console.fail(base::makeError(base::ErrorCode::Timeout, "The load has not ended yet", trouble,
                                              "It goes on in the node; see: univrs operations"));
  }
  if (!*answer) {
    return console.fail(answer->error());
  }
  if (session.tables() && !session.options().quiet) {
    for (const auto& image : answer->value()) {
      const std::string known = image.tags.empty() ? image.id : image.tags.front();
      console.note("Loaded " + escapeControls(known) + " (" + model::formatBytes(image.bytes) + ")");
    }
  }
  print(session, answer->value());
  return kOk;
}

} // namespace

void addImages(CLI::App& app, VerbSet& verbs) {
  CLI::App* image = verbs.add(app, "image", "images in the node's container engine: ls, load", Names::None, {});
  image->require_subcommand(1);
  verbs.add(*image, "ls", "what the engine holds, the newest first", Names::None,
            [](Session& session) { return list(session); });
  const auto file = std::make_shared<std::string>();
  verbs
      .add(*image, "load", "read an archive (docker save, OCI layout) into the engine", Names::Files,
           [file](Session& session) { return load(session, *file); })
      ->add_option("file", *file, "the archive: tar, plain or packed with gzip or zstd")
      ->required();
}

} // namespace univrs::cli
