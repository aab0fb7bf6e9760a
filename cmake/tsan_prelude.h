// Put before every file of a ThreadSanitizer build. GCC 12's runtime does not know pthread_cond_clockwait, which
// condition_variable::wait_for uses, and then believes that the mutex stays locked while the thread waits. Without the macro
// the library waits by pthread_cond_timedwait, which it knows.
#pragma once
#ifdef __cplusplus
#include <bits/c++config.h>
#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
#endif
