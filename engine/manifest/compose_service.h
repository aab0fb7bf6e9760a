// One service of a Compose file -> one workload draft.
#pragma once

#include "engine/manifest/drafts.h"
#include "engine/manifest/manifest.h"
#include "engine/manifest/source.h"
#include "engine/model/fields.h"

#include <QJsonObject>

#include <map>
#include <string>

namespace univrs::manifest {

// `path` leads to the service in its document; `volumes` maps the names of the file's volumes to those on the nodes.
// Faults are collected; the draft is usable only when there is no error among them.
Draft readComposeService(const QJsonObject& json, const std::string& path, const std::string& name,
                         const Source& source, const Options& options,
                         const std::map<std::string, std::string>& volumes, model::FaultList& faults);

} // namespace univrs::manifest
