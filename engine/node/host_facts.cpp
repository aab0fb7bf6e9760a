#include "engine/node/host_facts.h"

#include <QFile>
#include <QStorageInfo>
#include <QSysInfo>
#include <QThread>

#include <algorithm>

namespace univrs::node {

namespace {

// The first number in a one-line file; -1 when there is none ("max", absent).
int64_t numberIn(const QString& path) {
  QFile f(path);
  if (!f.open(QIODevice::ReadOnly)) {
    return -1;
  }
  bool ok = false;
  const auto value = f.readLine(64).trimmed().toLongLong(&ok);
  return ok ? value : -1;
}

int64_t totalMemory() {
  int64_t total = 0;
  QFile f(QStringLiteral("/proc/meminfo"));
  if (f.open(QIODevice::ReadOnly)) {
    const auto parts = f.readLine(256).simplified().split(' '); // "MemTotal: 24689640 kB"
    if (parts.size() >= 2 && parts[0] == "MemTotal:") {
      total = parts[1].toLongLong() * 1024;
    }
  }
  for (const auto& limit :
       {QStringLiteral("/sys/fs/cgroup/memory.max"), QStringLiteral("/sys/fs/cgroup/memory/memory.limit_in_bytes")}) {
    const int64_t value = numberIn(limit);
    if (value > 0 && (total == 0 || value < total)) {
      total = value;
    }
  }
  return total;
}

} // namespace

HostFacts readHostFacts(const std::string& folder) {
  HostFacts facts;
  facts.hostName = QSysInfo::machineHostName().toStdString();
  const QString cpu = QSysInfo::currentCpuArchitecture();
  facts.arch = cpu == QLatin1String("x86_64") ? "amd64" : cpu == QLatin1String("i386") ? "386" : cpu.toStdString();
  const QString kernel = QSysInfo::kernelType();
  facts.os = kernel == QLatin1String("winnt") ? "windows" : kernel.toStdString();
  facts.capacity.cpuMillicores = int64_t(std::max(1, QThread::idealThreadCount())) * 1000;
  facts.capacity.memoryBytes = totalMemory();
  facts.capacity.diskBytes = QStorageInfo(QString::fromStdString(folder)).bytesTotal();
  return facts;
}

model::Resources allocatableOf(const model::Resources& capacity) {
  model::Resources r = capacity;
  r.cpuMillicores = r.cpuMillicores / 10 * 9;
  r.memoryBytes = r.memoryBytes / 10 * 9;
  r.diskBytes = r.diskBytes / 10 * 9;
  return r;
}

} // namespace univrs::node
