#include "plugins/runtime-docker/podman_service.h"

#include "engine/base/clock.h"
#include "engine/base/encoding.h"
#include "engine/base/log.h"
#include "plugins/runtime-docker/engine_socket.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>
#include <vector>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/vfs.h>

#include <linux/magic.h>
#endif

extern char** environ;

namespace univrs::docker {

namespace {
namespace fs = std::filesystem;
constexpr base::Millis kFirstBackoff{200};
constexpr base::Millis kLongestBackoff{30'000};
constexpr base::Millis kStartTimeout{20'000};
constexpr int64_t kMaxLogBytes = 4 << 20;
constexpr size_t kMaxSocketPath = 107;

base::Monotonic now() {
  return base::SystemClock().now().steady;
}

bool exists(const std::string& path) {
  std::error_code ec;
  return fs::exists(path, ec);
}

std::string environment(const char* name) {
  const char* v = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing in the program changes the environment
  return v == nullptr ? std::string() : std::string(v);
}

// Whether this process may raise limits for others.
bool mayRaiseLimits() {
  std::ifstream in("/proc/self/status");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("CapEff:")) {
      constexpr int kCapSysResource = 24;
      return ((std::strtoull(line.c_str() + 7, nullptr, 16) >> kCapSysResource) & 1) != 0;
    }
  }
  return false;
}

// A folder only we can enter, for a socket whose natural path is too long. Empty when there is none.
std::string shortFolder(const std::string& for_) {
  std::string base = environment("XDG_RUNTIME_DIR");
  if (base.empty()) {
    base = "/tmp";
  }
  const std::string folder = base + "/univrs-podman-" + base::sha256Hex(for_).substr(0, 12);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return {};
  }
  struct stat st {};
  const bool ours =
      ::lstat(folder.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == ::geteuid() && (st.st_mode & 077) == 0;
  return ours ? folder : std::string();
}
} // namespace

std::string findProgram(const std::string& name) {
  std::string path = environment("PATH");
  if (path.empty()) {
    path = "/usr/local/bin:/usr/bin:/bin";
  }
  size_t at = 0;
  while (at <= path.size()) {
    auto end = path.find(':', at);
    end = end == std::string::npos ? path.size() : end;
    const std::string candidate = path.substr(at, end - at) + "/" + name;
    at = end + 1;
    if (candidate.front() == '/' && ::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate)) {
      return candidate;
    }
  }
  return {};
}

std::string neededContainersConf() {
#ifdef __linux__
  if (!environment("CONTAINERS_CONF").empty() || exists("/etc/containers/containers.conf") ||
      exists(environment("HOME") + "/.config/containers/containers.conf")) {
    return {}; // somebody has decided
  }
  constexpr rlim_t kPodmanWants = 1'048'576; // files a container
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  rlimit processes{};
  ::getrlimit(RLIMIT_NPROC, &processes);
  const bool fewFiles = files.rlim_max != RLIM_INFINITY && files.rlim_max < kPodmanWants && !mayRaiseLimits();
  const bool noSystemd = !exists("/run/systemd/system");
  struct statfs cgroups {};
  const bool oldCgroups = ::statfs("/sys/fs/cgroup", &cgroups) == 0 && cgroups.f_type != CGROUP2_SUPER_MAGIC;
  const bool needsRunc = oldCgroups && (!findProgram("runc").empty() || exists("/usr/sbin/runc"));
  if (!fewFiles && !noSystemd && !needsRunc) {
    return {};
  }
  std::string conf =
      "# Written by univrs because Podman's defaults do not work on this machine. Set CONTAINERS_CONF or\n"
      "# write /etc/containers/containers.conf to decide yourself.\n";
  if (fewFiles) {
    const auto most = [](rlim_t hard, rlim_t wanted) { return std::to_string(std::min(hard, wanted)); };
    const std::string nofile = most(files.rlim_max, 65'536);
    const std::string nproc = most(processes.rlim_max, 32'768);
    conf += "[containers]\ndefault_ulimits = [\"nofile=" + nofile + ":" + nofile + "\", \"nproc=" + nproc + ":" +
            nproc + "\"]\n";
  }
  conf += "[engine]\n";
  if (needsRunc) {
    conf += "runtime = \"runc\"\n"; // crun refuses mixed cgroup versions
  }
  if (noSystemd) {
    conf += "cgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n";
  }
  const bool hasNetavark = exists("/usr/lib/podman/netavark") || exists("/usr/libexec/podman/netavark");
  const bool hasCni =
      exists("/usr/lib/cni/bridge") || exists("/opt/cni/bin/bridge") || exists("/usr/libexec/cni/bridge");
  if (hasNetavark && !hasCni) {
    conf += "[network]\nnetwork_backend = \"netavark\"\n"; // left-over CNI files would make Podman choose CNI
  }
  return conf;
#else
  return {};
#endif
}

PodmanService::PodmanService(std::string podman, std::string dataFolder)
    : m_podman(std::move(podman)), m_folder(std::move(dataFolder)), m_socket(m_folder + "/podman.sock"),
      m_log(m_folder + "/podman.log") {
  if (m_socket.size() > kMaxSocketPath) {
    if (const std::string folder = shortFolder(m_folder); !folder.empty()) {
      m_socket = folder + "/podman.sock";
    }
  }
}

PodmanService::~PodmanService() {
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
    if (m_pid > 0) {
      ::kill(m_pid, SIGTERM);
    }
  }
  m_changed.notify_all();
  if (m_thread.joinable()) {
    m_thread.join();
  }
}

int PodmanService::pid() const {
  const std::lock_guard lock(m_mutex);
  return m_pid;
}

std::string PodmanService::lastWords() const {
  std::ifstream in(m_log, std::ios::binary | std::ios::ate);
  if (!in) {
    return {};
  }
  const auto size = int64_t(in.tellg());
  in.seekg(std::max<int64_t>(0, size - 1000));
  std::string text(1000, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(size_t(in.gcount()));
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

base::Result<void> PodmanService::ensure() {
  const auto fail = [this](std::string why) {
    return base::makeError(base::ErrorCode::Unavailable, "Podman's service does not start", std::move(why),
                           "Try `podman info` and `podman system service` by hand; its log is " + m_log + ".");
  };
  if (m_socket.size() > kMaxSocketPath) {
    return fail("the path of its socket is too long: " + m_socket);
  }
  int startsBefore = 0;
  {
    const std::lock_guard lock(m_mutex);
    if (m_stop) {
      return fail("the driver is ending");
    }
    if (!m_thread.joinable()) {
      m_thread = std::thread([this] { run(); });
    }
    m_wanted = true;
    startsBefore = m_starts;
  }
  m_changed.notify_all();
  const base::Monotonic deadline = now() + kStartTimeout;
  for (;;) {
    if (engineAnswers(m_socket, 2000)) {
      const std::lock_guard lock(m_mutex);
      m_wanted = false;
      return {};
    }
    std::unique_lock lock(m_mutex);
    if (now() >= deadline || m_stop || m_starts > startsBefore + 3) {
      m_wanted = false;
      lock.unlock();
      const std::string words = lastWords();
      return fail(words.empty() ? "it does not answer at " + m_socket : words);
    }
    m_changed.wait_for(lock, base::Millis(50));
  }
}

int PodmanService::spawn() {
  // An old socket would make it refuse to start.
  ::unlink(m_socket.c_str());
  if (m_ownConf.empty()) {
    if (const std::string conf = neededContainersConf(); !conf.empty()) {
      m_ownConf = m_folder + "/containers.conf";
      std::ofstream out(m_ownConf, std::ios::trunc);
      out << conf;
      if (!out.flush()) {
        m_ownConf.clear();
      }
    }
  }
  // Everything is prepared before fork(): after it, only what is async-signal-safe may be called.
  const std::string url = "unix://" + m_socket;
  std::vector<const char*> argv{m_podman.c_str(), "system", "service", "--time", "0", url.c_str(), nullptr};
  std::vector<std::string> variables;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view v(*e);
    if (!v.starts_with("LISTEN_") && !v.starts_with("NOTIFY_SOCKET=") && !v.starts_with("CONTAINER_HOST=")) {
      variables.emplace_back(v);
    }
  }
  if (!m_ownConf.empty()) {
    variables.push_back("CONTAINERS_CONF=" + m_ownConf);
  }
  std::vector<const char*> envp;
  envp.reserve(variables.size() + 1);
  for (const auto& v : variables) {
    envp.push_back(v.c_str());
  }
  envp.push_back(nullptr);
  const int log = ::open(m_log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
#ifdef __linux__
    // Sent when the thread that forked ends: that is run(), which lives as long as this object.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
      ::_exit(127);
    }
#endif
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int s : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
      ::signal(s, SIG_DFL);
    }
    ::dup2(null, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
#if defined(__linux__)
    ::close_range(3, ~0U, 0);
#endif
    ::execve(m_podman.c_str(), const_cast<char* const*>(argv.data()), const_cast<char* const*>(envp.data()));
    ::_exit(127);
  }
  (void)parent;
  for (const int fd : {log, null}) {
    if (fd >= 0) {
      ::close(fd);
    }
  }
  return child;
}

void PodmanService::run() {
  // Signals are the main thread's business.
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  base::Millis backoff = kFirstBackoff;
  for (;;) {
    const base::Monotonic begun = now();
    {
      std::unique_lock lock(m_mutex);
      if (m_stop) {
        return;
      }
      m_pid = std::max(0, spawn());
      ++m_starts;
    }
    m_changed.notify_all();
    const int child = m_pid;
    int status = 0;
    base::Monotonic killAt{INT64_MAX};
    while (child > 0 && ::waitpid(child, &status, WNOHANG) == 0) {
      std::unique_lock lock(m_mutex);
      m_changed.wait_for(lock, base::Millis(m_stop ? 20 : 250));
      if (m_stop && killAt.ms == INT64_MAX) {
        killAt = now() + base::Millis(5000);
      }
      if (now() >= killAt) {
        ::kill(child, SIGKILL);
      }
      lock.unlock();
      if (struct stat st{}; ::stat(m_log.c_str(), &st) == 0 && st.st_size > kMaxLogBytes) {
        (void)!::truncate(m_log.c_str(), 0);
      }
    }
    std::unique_lock lock(m_mutex);
    m_pid = 0;
    if (m_stop) {
      ::unlink(m_socket.c_str());
      return;
    }
    base::log::warning("docker", "Podman's service ended; it is started again",
                       {{"why", lastWords()}, {"after", base::humanDuration(now() - begun)}});
    backoff = now() - begun > base::Millis(60'000) ? kFirstBackoff : std::min(backoff * 2, kLongestBackoff);
    const base::Monotonic until = now() + backoff;
    // Somebody who waits for it need not sit out a long back-off.
    while (!m_stop && now() < until && !(m_wanted && now() - begun > base::Millis(1000))) {
      m_changed.wait_for(lock, base::Millis(50));
    }
  }
}

} // namespace univrs::docker
