// What the verb "node" shares with those of the cluster.
#pragma once

#include "app/cli/session.h"

#include <string>

namespace univrs::cli {

//! Removes a member by its PeerId, the beginning of it, or its name. Exit code.
int removeMember(Session& session, const std::string& ref);

} // namespace univrs::cli
