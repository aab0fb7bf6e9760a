// Turns an engine's words about a failed pull into an error a person can act on.
#pragma once

#include "engine/base/result.h"
#include "engine/model/names.h"

#include <string_view>

namespace univrs::docker {

base::Error pullError(const model::ImageReference& image, std::string_view engineWords);

} // namespace univrs::docker
