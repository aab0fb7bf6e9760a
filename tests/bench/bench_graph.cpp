// What a frame of the Peer Graph costs in processor time: bench_graph [PEERS [CONNECTIONS]]. Layout step, rebuilding
// the triangles and placing the words are what the program does itself each frame while the graph moves; drawing by
// QPainter replaces the triangles under the software renderer. Ends with 1 when step and scene take longer than a frame
// of 60 a second, or when a settled graph still works.
#include "app/gui/peer_graph_painter.h"

#include <QGuiApplication>
#include <QImage>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

using namespace univrs;
using namespace univrs::gui;

namespace {

constexpr double kFrameMs = 1'000.0 / 60;

double cpuMs() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) * 1'000 + double(t.tv_nsec) / 1e6;
}

template <class Work>
double timed(Work work) {
  const double start = cpuMs();
  work();
  return cpuMs() - start;
}

void report(const char* what, std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  double sum = 0;
  for (const double v : ms) {
    sum += v;
  }
  std::printf("%-34s mean %6.2f ms  99 %% %6.2f ms  = %5.1f %% of a frame\n", what, sum / double(ms.size()),
              ms[ms.size() * 99 / 100], sum / double(ms.size()) / kFrameMs * 100);
}

std::vector<interfaces::Delta> tell(int peers, int links) {
  std::mt19937 random{42};
  std::vector<model::Peer> all;
  all.reserve(size_t(peers));
  for (int i = 0; i < peers; ++i) {
    model::Peer p;
    p.id = "peer-" + std::to_string(100'000 + i);
    p.name = "node-" + std::to_string(i);
    if (i < 100) {
      p.connected = true;
      p.connections.emplace_back().transport = "quic-v1";
    }
    all.push_back(std::move(p));
  }
  for (int made = std::min(peers, 100); made < links; ++made) { // regions, and some that lead elsewhere
    const auto below = [&](int limit) { return int(random() % unsigned(limit)); };
    const int a = below(peers);
    const int b = below(12) == 0 ? below(peers) : std::min(peers - 1, a / 50 * 50 + below(50));
    all[size_t(a)].neighbours.push_back({all[size_t(b)].id, 20'000, below(20) == 0});
  }
  std::vector<interfaces::Delta> deltas;
  deltas.reserve(all.size() + 2);
  const auto add = [&](interfaces::Delta::Kind kind, const std::string& id) -> interfaces::Delta& {
    interfaces::Delta& d = deltas.emplace_back();
    d.kind = kind;
    d.topic = interfaces::Topic::Peers;
    d.id = id;
    return d;
  };
  add(interfaces::Delta::Kind::SnapshotBegin, {});
  for (model::Peer& p : all) {
    add(interfaces::Delta::Kind::Put, p.id).object = p;
  }
  add(interfaces::Delta::Kind::SnapshotEnd, {});
  return deltas;
}

} // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QGuiApplication app(argc, argv);
  const int peers = argc > 1 ? std::max(2, std::atoi(argv[1])) : 5'000;
  const int links = argc > 2 ? std::max(1, std::atoi(argv[2])) : 15'000;
  const base::SystemClock clock;
  PeerListModel model(clock);
  PeerFilter filter(model);
  PeerGraph graph(model, filter, clock);
  model.setOwnId(QStringLiteral("own"));
  graph.setOwn(QStringLiteral("own"), QStringLiteral("laptop"));
  const auto deltas = tell(peers, links);
  const double taking = timed([&] {
    model.apply(deltas);
    while (graph.nodeCount() <= peers) {
      QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
  });
  std::printf("%d nodes, %d edges; taking them in: %.1f ms\n", graph.nodeCount(), graph.edgeCount(), taking);

  GraphScene scene{graph,
                   {},
                   QSizeF(1'232, 700),
                   {QColor("#0d1311"), QColor("#e6efea"), QColor("#8ea298"), QColor("#25322c"), QColor("#56d3a0"),
                    QColor("#e7b04c"), QColor("#56d3a0")}};
  const auto fit = [&] {
    const LayoutBounds b = graph.layout().bounds();
    scene.camera.zoom = std::min(1'132 / std::max(1.0, b.right - b.left), 600 / std::max(1.0, b.bottom - b.top));
    scene.camera.x = 616 - (b.left + b.right) / 2 * scene.camera.zoom;
    scene.camera.y = 350 - (b.top + b.bottom) / 2 * scene.camera.zoom;
  };
  const auto measure = [](const QString& text, bool, bool) { return QSizeF(7.0 * double(text.size()) + 6, 16); };
  GraphMesh mesh;
  std::vector<double> step;
  std::vector<double> build;
  std::vector<double> words;
  std::vector<double> whole;
  size_t drawn = 0;
  while (graph.moving()) {
    step.push_back(timed([&] { graph.step(); }));
    fit();
    build.push_back(timed([&] { buildMesh(scene, mesh); }));
    words.push_back(timed([&] { drawn += placeWords(scene, measure).size(); }));
    whole.push_back(step.back() + build.back() + words.back());
  }
  report("layout step", step);
  report("triangles", build);
  report("words", words);
  report("step and scene together", whole);
  double sum = 0;
  for (const double v : whole) {
    sum += v;
  }
  const double mean = sum / double(whole.size());
  std::printf("%zu frames until it settled; %zu triangles, %zu words in the last frames\n", whole.size(),
              mesh.indices.size() / 3, drawn / whole.size());

  QImage image(1'232, 700, QImage::Format_ARGB32_Premultiplied);
  std::vector<double> painted;
  for (int i = 0; i < 20; ++i) {
    image.fill(Qt::transparent);
    painted.push_back(timed([&] {
      QPainter painter(&image);
      paintGraph(scene, painter);
    }));
  }
  report("the whole by QPainter, settled", painted);

  const uint64_t steps = graph.layout().steps();
  const double idle = timed([&] {
    for (int i = 0; i < 1'000; ++i) {
      graph.step();
    }
  });
  std::printf("1,000 frames asked of a settled graph: %llu steps, %.3f ms\n",
              static_cast<unsigned long long>(graph.layout().steps() - steps), idle);
  return mean <= kFrameMs && graph.layout().steps() == steps ? 0 : 1;
}
