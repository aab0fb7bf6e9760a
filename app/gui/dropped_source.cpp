#include "app/gui/dropped_source.h"

#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/model/resources.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace univrs::gui {
namespace {

struct DroppedSource {
  Q_DECLARE_TR_FUNCTIONS(DroppedSource)
};

std::string utf8(const QString& text) {
  return text.toStdString();
}

base::Error refuse(base::ErrorCode code, const QString& name, const QString& why, const QString& hint) {
  const QString what = DroppedSource::tr("%1 cannot be deployed").arg(name);
  return base::makeError(code, utf8(what), utf8(why), utf8(hint));
}

base::Result<SourceDocument> checkText(QByteArray bytes, const QString& name, const QString& path) {
  if (bytes.startsWith("\xef\xbb\xbf")) {
    bytes.remove(0, 3);
  }
  const std::string_view view(bytes.constData(), size_t(bytes.size()));
  if (view.find('\0') != std::string_view::npos || !base::isUtf8(view)) {
    return refuse(base::ErrorCode::Unsupported, name, DroppedSource::tr("it is a binary file, not text in UTF-8"),
                  DroppedSource::tr("Drop a Univrs manifest, a Compose file or Kubernetes YAML."));
  }
  if (QString::fromUtf8(bytes).trimmed().isEmpty()) {
    return refuse(base::ErrorCode::BadRequest, name, DroppedSource::tr("it is empty"),
                  DroppedSource::tr("Drop a file that describes a workload."));
  }
  return SourceDocument{name, path, QString::fromUtf8(bytes)};
}

// By what it begins with, or its place for the word "ustar"; names say nothing certain.
bool isArchive(QFile& file) {
  const QByteArray head = file.peek(512);
  return head.startsWith("\x1f\x8b") || head.startsWith("\x28\xb5\x2f\xfd") || head.mid(257, 5) == "ustar";
}

base::Result<SourceDocument> readFile(const QUrl& url, std::vector<SourceArchive>& archives) {
  if (!url.isLocalFile()) {
    return refuse(base::ErrorCode::Unsupported, plainLine(utf8(url.toDisplayString())),
                  DroppedSource::tr("it is an address, and only files and text can be read"),
                  DroppedSource::tr("Download the file and drop it here."));
  }
  const QFileInfo info(url.toLocalFile());
  const QString name = plainLine(utf8(info.fileName().isEmpty() ? info.filePath() : info.fileName()));
  if (info.isDir()) {
    return refuse(base::ErrorCode::Unsupported, name, DroppedSource::tr("it is a folder"),
                  DroppedSource::tr("Drop the manifest files in it."));
  }
  if (!info.exists()) {
    return refuse(base::ErrorCode::NotFound, name, DroppedSource::tr("there is no such file any more"),
                  DroppedSource::tr("Check its name and place."));
  }
  if (!info.isFile()) { // a pipe or device would block or never end
    return refuse(base::ErrorCode::Unsupported, name, DroppedSource::tr("it is not a regular file"), {});
  }
  const QString most = localFigure(model::formatBytes(int64_t(base::limits::kMaxManifestBytes)));
  const auto tooLarge = [&](qint64 size) {
    return refuse(
        base::ErrorCode::TooLarge, name,
        DroppedSource::tr("it has %1; a manifest has at most %2").arg(localFigure(model::formatBytes(size)), most),
        DroppedSource::tr("Is it a manifest? Image archives are known by their content: tar, tar.gz or tar.zst."));
  };
  QFile file(info.filePath());
  if (!file.open(QIODevice::ReadOnly)) {
    return refuse(base::ErrorCode::Forbidden, name, file.errorString(),
                  DroppedSource::tr("Check that you may read it."));
  }
  if (isArchive(file)) {
    archives.push_back({name, info.absoluteFilePath(), info.size()});
    return SourceDocument{};
  }
  if (info.size() > qint64(base::limits::kMaxManifestBytes)) {
    return tooLarge(info.size());
  }
  const QByteArray bytes = file.read(qint64(base::limits::kMaxManifestBytes) + 1);
  if (bytes.size() > qsizetype(base::limits::kMaxManifestBytes)) {
    return tooLarge(qMax(file.size(), qint64(bytes.size())));
  }
  if (file.error() != QFileDevice::NoError) {
    return refuse(base::ErrorCode::Unavailable, name, file.errorString(), {});
  }
  return checkText(bytes, name, info.absoluteFilePath());
}

} // namespace

DroppedSources readSources(const QList<QUrl>& urls) {
  DroppedSources out;
  for (qsizetype i = 0; i < urls.size(); ++i) {
    if (i >= kMaxDroppedFiles) {
      out.problems.emplace_back(DroppedSource::tr("%n files were left out", nullptr, int(urls.size() - i)),
                                DroppedSource::tr("at most %1 are read at once").arg(kMaxDroppedFiles),
                                DroppedSource::tr("Drop the rest in a second step."));
      break;
    }
    const size_t archives = out.archives.size();
    if (auto read = readFile(urls[i], out.archives)) {
      if (out.archives.size() == archives) {
        out.documents.push_back(std::move(read).value());
      }
    } else {
      out.problems.emplace_back(read.error());
    }
  }
  return out;
}

base::Result<SourceDocument> sourceFromText(const QString& text) {
  const QString name = DroppedSource::tr("The text");
  if (text.size() > qsizetype(base::limits::kMaxManifestBytes)) {
    return refuse(base::ErrorCode::TooLarge, name, DroppedSource::tr("it is longer than 4 MiB"),
                  DroppedSource::tr("Drop the file instead."));
  }
  auto checked = checkText(text.toUtf8(), name, {});
  if (!checked) {
    return checked;
  }
  SourceDocument document = std::move(checked).value();
  document.fileName.clear();
  return document;
}

} // namespace univrs::gui
