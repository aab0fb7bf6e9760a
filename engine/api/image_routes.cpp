// Images in this node's container engine, and long work under way.
#include "engine/api/call_arguments.h"
#include "engine/interfaces/images.h"

#include <QJsonArray>

#include <memory>

namespace univrs::api {

namespace {
constexpr qsizetype kMaxPathBytes = 4'096;

Response imagesResponse(const std::vector<interfaces::StoredImage>& images) {
  QJsonArray items;
  for (const auto& image : images) {
    items.append(interfaces::toJson(image));
  }
  return jsonResponse({{QStringLiteral("items"), items},
                       {QStringLiteral("count"), items.size()},
                       {QStringLiteral("total"), items.size()}});
}

void listImages(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.images().listImages(call->reply<std::vector<interfaces::StoredImage>>(
        [](Call&, const auto& images) { return imagesResponse(images); }));
  });
}

void loadImages(const CallPtr& call) {
  const auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  const QJsonValue path = body->value(QStringLiteral("path"));
  if (body->size() != 1 || !path.isString() || path.toString().isEmpty() || path.toString().size() > kMaxPathBytes ||
      path.toString().contains(QChar(u'\0'))) {
    return call->fail(base::makeError(base::ErrorCode::BadRequest, "no archive was loaded",
                                      "the body must be {\"path\": TEXT}, an absolute path on the node's own disk"));
  }
  call->onEngine([call, path = path.toString().toStdString()](interfaces::Engine& engine) {
    engine.images().loadImageArchive(path, call->reply<std::vector<interfaces::StoredImage>>(
                                               [](Call&, const auto& images) { return imagesResponse(images); }));
  });
}

// By a watch that is ended as soon as its snapshot is whole.
void listOperations(const CallPtr& call) {
  const uint64_t id = call->door()->nextId();
  call->setCleanup([door = call->door(), id] { door->release(id); });
  call->onEngine([call, id](interfaces::Engine& engine) {
    const auto items = std::make_shared<QJsonArray>();
    const auto finish = [call, id](const Response& response) {
      call->door()->onIo([call, response] { call->respond(response); });
      call->door()->release(id);
    };
    interfaces::WatchHandlers handlers;
    handlers.onDeltas = [items, finish](const std::vector<interfaces::Delta>& deltas) {
      for (const auto& delta : deltas) {
        if (delta.kind == interfaces::Delta::Kind::SnapshotEnd) {
          return finish(jsonResponse({{QStringLiteral("items"), *items},
                                      {QStringLiteral("count"), items->size()},
                                      {QStringLiteral("total"), items->size()}}));
        }
        if (const auto* operation = std::get_if<model::Operation>(&delta.object)) {
          items->append(model::toJson(*operation));
        }
      }
    };
    handlers.onConnection = [finish](bool connected, const std::string& why) {
      if (!connected) {
        finish(errorResponse(base::makeError(base::ErrorCode::Unavailable, "the operations were not listed", why)));
      }
    };
    call->door()->hold(id, engine.events().watch({{interfaces::Topic::Operations}, 0}, std::move(handlers)));
  });
}
} // namespace

void addImageRoutes(std::vector<Route>& routes) {
  Route list{"GET",      "/images", "images", "Images in this node's container engine, newest first, at most 1,000",
             listImages, nullptr,   {},       "",
             "ImageList"};
  list.timeout = std::chrono::minutes(5);
  routes.push_back(list);
  Route load{"POST",
             "/images/load",
             "images",
             "Read an image archive that lies on the node's own disk into its engine; answers with the images it held",
             loadImages,
             nullptr,
             {},
             "ImageLoad",
             "ImageList"};
  load.timeout = std::chrono::hours(2);
  routes.push_back(load);
  routes.push_back({"GET",
                    "/operations",
                    "operations",
                    "Long work under way: pulls, loads, rolling updates, removals",
                    listOperations,
                    nullptr,
                    {},
                    "",
                    "OperationList"});
  routes.push_back({"POST",
                    "/operations/{operation}/cancel",
                    "operations",
                    "End a pull or a load, or take a rolling update back",
                    [](const CallPtr& call) {
                      const auto dryRun = call->query.boolean("dry_run", false);
                      if (!dryRun) {
                        return call->fail(dryRun.error());
                      }
                      runCommand(call, "cancel_operation",
                                 {{QStringLiteral("operation"), toQString(call->param("operation"))}}, *dryRun,
                                 outcomeResponse);
                    },
                    nullptr,
                    {{"dry_run", "boolean", "only say what would happen"}},
                    "",
                    "CommandOutcome"});
}

} // namespace univrs::api
