// Colours and marks: a state is always a dot and a word, its colour only helps.
#pragma once

#include "engine/model/event.h"
#include "engine/model/instance.h"
#include "engine/model/node.h"
#include "engine/model/workload.h"

#include <string>
#include <string_view>

namespace univrs::cli {

enum class Tone { Plain, Good, Busy, Warn, Bad, Faint, Strong };

//! `text` in the tone's colour when `colour`, else as it is.
std::string paint(std::string_view text, Tone tone, bool colour);

Tone toneOf(model::Health health);
Tone toneOf(model::InstanceState state);
Tone toneOf(model::Severity severity);
Tone toneOf(const model::Node& node);

//! "● healthy"
std::string sign(model::Health health);
std::string sign(model::InstanceState state);
//! "● ready", "● cordoned", "● down"
std::string sign(const model::Node& node);

//! A bar of `width` characters for `part` of 0…1: "██████▌   ".
std::string bar(double part, int width);

//! One of six tones for a name, always the same for the same name.
std::string paintByName(std::string_view text, std::string_view name, bool colour);

} // namespace univrs::cli
