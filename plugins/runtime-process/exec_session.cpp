#include "plugins/runtime-process/exec_session.h"

#include "plugins/runtime-process/spawn.h"

#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace univrs::runtime_process {

using base::ErrorCode;
using base::makeError;

namespace {

constexpr size_t kMaxQueuedInput = 1u << 20;

void setSize(int fd, int columns, int rows) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(std::clamp(columns, 1, 10'000));
  size.ws_row = static_cast<unsigned short>(std::clamp(rows, 1, 10'000));
  ::ioctl(fd, TIOCSWINSZ, &size);
}

// Lives as long as the session or its thread, whichever is longer.
struct Shared {
  Descriptor input;   // to the command; the terminal's master with a tty
  Descriptor output;  // from it
  Descriptor errors;  // not with a tty
  Descriptor control; // closing it ends the command
  Descriptor wake;
  bool tty = false;
  pid_t pid = 0;
  agent::ExecHandlers handlers;
  std::mutex mutex;
  std::string queued;       // input not yet taken
  bool inputClosed = false; // after what is queued
  bool ended = false;       // the session is over: no more callbacks

  void nudge() const {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t count = ::write(wake.get(), &one, sizeof(one));
  }

  void feed() {
    const std::lock_guard lock(mutex);
    while (!queued.empty() && input.valid()) {
      const ssize_t count = ::write(input.get(), queued.data(), queued.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0 && errno == EAGAIN) {
        return;
      }
      if (count <= 0) {
        queued.clear(); // the command no longer reads
        inputClosed = true;
        break;
      }
      queued.erase(0, static_cast<size_t>(count));
    }
    if (inputClosed && queued.empty() && input.valid() && !tty) {
      input.reset();
    }
  }

  // False at the end of the stream.
  bool carry(const Descriptor& from, bool isStderr) {
    char buffer[32 * 1024];
    const ssize_t count = ::read(from.get(), buffer, sizeof(buffer));
    if (count > 0) {
      {
        const std::lock_guard lock(mutex);
        if (ended) {
          return true;
        }
      }
      if (handlers.onOutput) {
        handlers.onOutput(std::string_view(buffer, static_cast<size_t>(count)), isStderr);
      }
      return true;
    }
    return count < 0 && (errno == EINTR || errno == EAGAIN); // EIO: nobody holds the terminal any more
  }

  void run() {
    bool outOpen = true;
    bool errOpen = errors.valid();
    while (outOpen || errOpen) {
      bool wantsWrite = false;
      int inputFd = -1;
      {
        const std::lock_guard lock(mutex);
        wantsWrite = !queued.empty() && input.valid();
        inputFd = wantsWrite ? input.get() : -1;
      }
      pollfd wait[4] = {{outOpen ? output.get() : -1, POLLIN, 0},
                        {errOpen ? errors.get() : -1, POLLIN, 0},
                        {wake.get(), POLLIN, 0},
                        {inputFd, POLLOUT, 0}};
      if (::poll(wait, 4, -1) < 0) {
        continue;
      }
      if (wait[2].revents != 0) {
        uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake.get(), &count, sizeof(count));
      }
      if (wait[2].revents != 0 || wait[3].revents != 0) {
        feed();
      }
      if (wait[0].revents != 0) {
        outOpen = carry(output, false);
      }
      if (wait[1].revents != 0) {
        errOpen = carry(errors, true);
      }
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    {
      const std::lock_guard lock(mutex);
      if (ended) {
        return;
      }
    }
    if (handlers.onExit) {
      handlers.onExit(WIFEXITED(status)
                          ? base::Result<int>(WEXITSTATUS(status))
                          : base::Result<int>(makeError(ErrorCode::Internal, "the command's helper was killed")));
    }
  }
};

class ExecSession final : public agent::ExecStream {
public:
  explicit ExecSession(std::shared_ptr<Shared> shared)
      : m_shared(std::move(shared)), m_thread([state = m_shared] { state->run(); }) {}

  ~ExecSession() override {
    {
      const std::lock_guard lock(m_shared->mutex);
      m_shared->ended = true;
      m_shared->control.reset();
      m_shared->queued.clear();
      m_shared->inputClosed = true;
    }
    m_shared->nudge();
    if (m_thread.get_id() == std::this_thread::get_id()) {
      m_thread.detach(); // destroyed by one of its own callbacks
    } else {
      m_thread.join();
    }
  }

  base::Result<void> write(std::string_view bytes) override {
    {
      const std::lock_guard lock(m_shared->mutex);
      if (m_shared->inputClosed || !m_shared->input.valid()) {
        return makeError(ErrorCode::Conflict, "the command's input is closed");
      }
      if (m_shared->queued.size() + bytes.size() > kMaxQueuedInput) {
        return makeError(ErrorCode::RateLimited, "the command does not read its input",
                         "more than 1 MiB is waiting for it", "send more once it has read some");
      }
      m_shared->queued.append(bytes);
    }
    m_shared->nudge();
    return {};
  }

  void closeInput() override {
    {
      const std::lock_guard lock(m_shared->mutex);
      if (m_shared->inputClosed) {
        return;
      }
      m_shared->inputClosed = true;
      if (m_shared->tty) {
        m_shared->queued += '\x04'; // a terminal's end of file
      }
    }
    m_shared->nudge();
  }

  void resize(int columns, int rows) override {
    if (m_shared->tty) {
      setSize(m_shared->output.get(), columns, rows);
    }
  }

private:
  std::shared_ptr<Shared> m_shared;
  std::thread m_thread;
};

base::Error systemError(const char* what) {
  return makeError(ErrorCode::Unavailable, "the command could not be started",
                   std::string(what) + ": " + std::strerror(errno));
}

} // namespace

base::Result<std::unique_ptr<agent::ExecStream>> startExec(const std::string& shim, const std::string& folder,
                                                           const agent::ExecRequest& request,
                                                           agent::ExecHandlers handlers) {
  auto shared = std::make_shared<Shared>();
  shared->handlers = std::move(handlers);
  shared->tty = request.tty;
  shared->inputClosed = !request.attachStdin && !request.tty;
  Descriptor in;
  Descriptor out;
  Descriptor err;
  Descriptor control;
  shared->wake = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!shared->wake.valid() || !makePipe(control, shared->control)) {
    return systemError("pipe");
  }
  if (request.tty) {
    shared->output = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    char name[128];
    if (!shared->output.valid() || ::grantpt(shared->output.get()) != 0 || ::unlockpt(shared->output.get()) != 0 ||
        ::ptsname_r(shared->output.get(), name, sizeof(name)) != 0) {
      return systemError("terminal");
    }
    setSize(shared->output.get(), request.columns, request.rows);
    out = Descriptor(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    shared->input = Descriptor(::fcntl(shared->output.get(), F_DUPFD_CLOEXEC, 0));
    if (!out.valid() || !shared->input.valid()) {
      return systemError("terminal");
    }
  } else {
    if (!makePipe(shared->output, out) || !makePipe(shared->errors, err)) {
      return systemError("pipe");
    }
    if (request.attachStdin) {
      if (!makePipe(in, shared->input)) {
        return systemError("pipe");
      }
    } else {
      in = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
  }
  for (const Descriptor* own : {&shared->input, &shared->output, &shared->errors}) {
    if (own->valid()) {
      ::fcntl(own->get(), F_SETFL, ::fcntl(own->get(), F_GETFL) | O_NONBLOCK);
    }
  }
  std::vector<std::string> words{shim, "exec", folder, request.tty ? "tty" : "pipes", "--"};
  words.insert(words.end(), request.command.begin(), request.command.end());
  const int terminal = request.tty ? out.get() : -1;
  const auto pid =
      spawn(words, request.tty ? terminal : in.get(), out.get(), request.tty ? terminal : err.get(), control.get());
  if (!pid) {
    return pid.error();
  }
  shared->pid = *pid;
  return std::unique_ptr<agent::ExecStream>(std::make_unique<ExecSession>(std::move(shared)));
}

} // namespace univrs::runtime_process
