// How asynchronous calls of the interfaces answer.
#pragma once

#include "engine/base/result.h"

#include <functional>

namespace univrs::interfaces {

// Called exactly once, later, on the caller's thread (the thread whose executor the implementation was made with),
// never inside the call itself. Not called after the implementation is destroyed.
template <class T>
using Reply = std::function<void(base::Result<T>)>;

} // namespace univrs::interfaces
