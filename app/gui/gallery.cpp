#include "app/gui/gallery.h"

#include "app/gui/vector_icon.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QGuiApplication>
#include <QImage>
#include <QPointF>
#include <QProcess>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QTimer>

#include <array>
#include <cmath>
#include <cstdio>

namespace univrs::gui {
namespace {

struct Sample {
  const char* name;
  const char* tone;
  const char* word;
  const char* image;
  const char* reason;
};

constexpr std::array<Sample, 9> kSamples{{
    {"web-shop", "good", "Healthy", "docker.io/acme/shop:2.1", ""},
    {"orders-api", "busy", "Progressing", "ghcr.io/acme/orders:1.9.3", "3 of 5 replicas run the new version"},
    {"mail-worker", "warn", "Degraded", "ghcr.io/acme/mail:0.8", "1 of 2 is not ready: liveness probe failed 3 times"},
    {"orchestrator-canary-with-a-long-name", "good", "Healthy", "ghcr.io/univrs/orchestrator-canary:dev", ""},
    {"postgres", "good", "Healthy", "postgres@sha256:77d091c4aa5ff1e0a3ab9f5be40de4ff", ""},
    {"thumbnailer", "bad", "Crash loop", "ghcr.io/acme/thumb:2.0", "OOM killed: used 64 MiB of 64 MiB"},
    {"metrics", "good", "Healthy", "docker.io/prom/prometheus:v2.53", ""},
    {"blog", "good", "Healthy", "nginx:1.27-alpine", ""},
    {"nightly-backup", "idle", "Succeeded", "restic/restic:0.16", ""},
}};

constexpr double kHour = 3'600'000;
constexpr double kNow = 1'795'460'400'000; // 2026-11-23 19:00 UTC

double noise(int seed, int i) {
  const quint32 x = (quint32(seed) * 2'654'435'761U) ^ (quint32(i) * 2'656'587'127U);
  const quint32 mixed = (x ^ (x >> 15U)) * 2'246'822'519U;
  return double(mixed >> 8U) / double(1U << 24U);
}

// Waits until what was asked for is on screen: images loaded, items polished.
void settle(int ms) {
  QEventLoop loop;
  QTimer::singleShot(ms, &loop, &QEventLoop::quit);
  loop.exec();
}

bool show(QQuickView& view, Gallery& gallery, const QString& page, bool dark, bool interactive) {
  view.engine()->addImportPath(QStringLiteral("qrc:/qt/qml"));
  view.setInitialProperties({{QStringLiteral("gallery"), QVariant::fromValue(&gallery)},
                             {QStringLiteral("page"), page},
                             {QStringLiteral("dark"), dark},
                             {QStringLiteral("interactive"), interactive}});
  view.setSource(QUrl(QStringLiteral("qrc:/qt/qml/Univrs/gallery/GalleryView.qml")));
  if (view.status() != QQuickView::Ready) {
    std::fputs("univrs: the gallery could not be made; the lines above say why\n", stderr);
    return false;
  }
  return true;
}

bool writeShots(const QString& folder) {
  const QString scale = QString::number(qGuiApp->devicePixelRatio());
  for (const QString& page : galleryPages()) {
    for (const bool dark : {true, false}) {
      const QString file = QStringLiteral("%1/%2-%3@%4x.png")
                               .arg(folder, page, dark ? QStringLiteral("dark") : QStringLiteral("light"), scale);
      if (!galleryShot(page, dark, 1100).save(file)) {
        std::fprintf(stderr, "univrs: %s could not be written; check that the folder may be written to\n",
                     qPrintable(file));
        return false;
      }
      std::printf("%s\n", qPrintable(file));
    }
  }
  return true;
}

} // namespace

GalleryRows::GalleryRows(int count, QObject* parent) : QAbstractListModel(parent), m_count(count) {}

int GalleryRows::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : m_count;
}

QVariant GalleryRows::data(const QModelIndex& index, int role) const {
  const int i = index.row();
  const Sample& s = kSamples[size_t(i) % kSamples.size()];
  const int round = i / int(kSamples.size());
  const QString suffix = round == 0 ? QString() : QStringLiteral("-%1").arg(round);
  switch (role) {
  case IdRole:
    return QStringLiteral("id-%1").arg(i);
  case NameRole:
    return QLatin1String(s.name) + suffix;
  case ToneRole:
    return QLatin1String(s.tone);
  case WordRole:
    return QLatin1String(s.word);
  case ReadyRole:
    return QStringLiteral("%1/%2").arg(i % 3 + 1).arg(i % 3 + (i % 2) + 1);
  case ImageRole:
    return QLatin1String(s.image);
  case CpuRole:
    return (i * 7919) % 1000;
  case CpuTextRole:
    return QStringLiteral("%1 m").arg((i * 7919) % 1000);
  case PointsRole: {
    QVariantList list;
    for (int p = 0; p < 24; ++p) {
      list.append(20 + 60 * noise(i + 3, p));
    }
    return list;
  }
  case ReasonRole:
    return QLatin1String(s.reason);
  default:
    return {};
  }
}

QHash<int, QByteArray> GalleryRows::roleNames() const {
  return {{IdRole, "id"},         {NameRole, "name"},    {ToneRole, "tone"}, {WordRole, "word"},
          {ReadyRole, "ready"},   {ImageRole, "image"},  {CpuRole, "cpu"},   {CpuTextRole, "cpu_text"},
          {PointsRole, "points"}, {ReasonRole, "reason"}};
}

Gallery::Gallery(QObject* parent)
    : QObject(parent), m_source(9'000), m_empty(0), m_rows(m_source, "id", {"name", "image"}),
      m_none(m_empty, "id", {"name"}) {}

QStringList Gallery::icons() const {
  return iconNames();
}

Problem Gallery::fault() const {
  return {tr("The image could not be pulled"), tr("ghcr.io/acme/orders:1.9.3 asks for credentials and none are set"),
          tr("Add them with univrs registry login ghcr.io, then try again")};
}

QString Gallery::manifest() const {
  return QStringLiteral("# Two services and a volume\n"
                        "services:\n"
                        "  shop:\n"
                        "    image: \"ghcr.io/acme/shop:2.1\"\n"
                        "    ports: [\"8080:80\", 70000]\n"
                        "    environment:\n"
                        "      DEBUG: 'false'   # switched off in production\n"
                        "      WORKERS: 4\n"
                        "    command: |\n"
                        "      exec shop --listen :80\n"
                        "      # not a comment, a line of text\n"
                        "    restrat: always\n"
                        "    deploy: &limits {replicas: 3, cpus: 0.5, memory: 256M}\n"
                        "  worker:\n"
                        "    image: ghcr.io/acme/worker:2.1\n"
                        "    deploy: *limits\n"
                        "    privileged: true\n");
}

double Gallery::from() const {
  return kNow - kHour;
}

double Gallery::to() const {
  return kNow;
}

QVariantList Gallery::wave(double middle, double swing, int seed, int points) const {
  QVariantList list;
  for (int i = 0; i < points; ++i) {
    if (seed % 3 == 1 && i > points * 6 / 10 && i < points * 7 / 10) {
      list.append(QPointF(from() + kHour * i / (points - 1), std::nan(""))); // it was down for a while
      continue;
    }
    const double t = double(i) / points;
    const double y = middle + swing * (0.5 * std::sin(t * 9 + seed) + 0.3 * std::sin(t * 31 + seed * 2.0) +
                                       0.35 * (noise(seed, i) - 0.5));
    list.append(QPointF(from() + kHour * i / (points - 1), std::max(0.0, y)));
  }
  return list;
}

void Gallery::copy(const QString& text) const {
  QGuiApplication::clipboard()->setText(text);
}

QStringList galleryPages() {
  return {QStringLiteral("controls"), QStringLiteral("table"), QStringLiteral("states"), QStringLiteral("charts"),
          QStringLiteral("code"),     QStringLiteral("forms"), QStringLiteral("icons")};
}

QImage galleryShot(const QString& page, bool dark, int width) {
  Gallery gallery;
  QQuickView view;
  view.setResizeMode(QQuickView::SizeRootObjectToView);
  view.resize(width, 700);
  if (!show(view, gallery, page, dark, false)) {
    return {};
  }
  view.show();
  settle(150);
  view.resize(width, int(std::ceil(view.rootObject()->implicitHeight())));
  settle(250);
  return view.grabWindow();
}

int runGallery(const QString& shots) {
  if (shots.isEmpty()) {
    Gallery gallery;
    QQuickView view;
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.setTitle(QCoreApplication::translate("Gallery", "Univrs gallery"));
    view.resize(1280, 820);
    if (!show(view, gallery, galleryPages().constFirst(), true, true)) {
      return 1;
    }
    view.show();
    return QCoreApplication::exec();
  }
  if (!QDir().mkpath(shots)) {
    std::fprintf(stderr, "univrs: the folder %s could not be made; name one that may be written to\n",
                 qPrintable(shots));
    return 1;
  }
  // The scale of a program is fixed when it starts: a program a scale.
  if (!qEnvironmentVariableIsSet("UNIVRS_GALLERY_SCALE")) {
    for (const char* scale : {"1", "2"}) {
      QProcess process;
      QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
      environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QLatin1String(scale));
      environment.insert(QStringLiteral("UNIVRS_GALLERY_SCALE"), QLatin1String(scale));
      process.setProcessEnvironment(environment);
      process.setProcessChannelMode(QProcess::ForwardedChannels);
      process.start(QCoreApplication::applicationFilePath(), QCoreApplication::arguments().mid(1));
      if (!process.waitForFinished(-1) || process.exitCode() != 0) {
        return 1;
      }
    }
    return 0;
  }
  return writeShots(shots) ? 0 : 1;
}

} // namespace univrs::gui
