// univrs-shim: stands by one process instance, so that it outlives the node's program.
//   univrs-shim run FOLDER       starts what FOLDER/launch says and stays until all of it is gone
//   univrs-shim exec FOLDER TTY -- COMMAND…   runs a command beside it, until it ends or descriptor 3 is closed
#include "plugins/runtime-process/shim.h"

#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  using namespace univrs::runtime_process;
  if (argc == 3 && std::strcmp(argv[1], "run") == 0) {
    return runShim(argv[2]);
  }
  if (argc > 5 && std::strcmp(argv[1], "exec") == 0 && std::strcmp(argv[4], "--") == 0) {
    return runExec(argv[2], std::strcmp(argv[3], "tty") == 0, argv + 5);
  }
  std::fputs("univrs-shim is started by univrs; it is not for use by hand\n", stderr);
  return 2;
}
