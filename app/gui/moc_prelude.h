// Read by moc before every header: Qt 6.4's moc cannot parse libstdc++ 12's <concepts> (which <chrono> begins with)
// unless a header that sets up the library's macros came first.
#pragma once

#include <string>
