// A window from which files or text can really be dragged under X11, since xdotool can move a pointer but not begin a
// drag: dnd_source X Y file FILE… | dnd_source X Y text TEXT. Prints `drag result N` (1 = copied) when a drag ends, and
// exits a little later, when the target has had time to fetch the data.
#include <QApplication>
#include <QDrag>
#include <QFileInfo>
#include <QMimeData>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <cstdio>
#include <cstring>

namespace {

class Source : public QWidget {
public:
  QList<QUrl> urls;
  QString text;

protected:
  void mousePressEvent(QMouseEvent*) override {
    auto* drag = new QDrag(this);
    auto* data = new QMimeData;
    if (!urls.isEmpty()) {
      data->setUrls(urls);
    } else {
      data->setText(text);
    }
    drag->setMimeData(data);
    const Qt::DropAction result = drag->exec(Qt::CopyAction);
    std::printf("drag result %d\n", int(result));
    std::fflush(stdout);
    // exec() returns when the button is released; the target fetches the data after that.
    QTimer::singleShot(3'000, [result] { QCoreApplication::exit(result == Qt::CopyAction ? 0 : 1); });
  }
};

} // namespace

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  if (argc < 5) {
    std::fputs("usage: dnd_source X Y file FILE… | dnd_source X Y text TEXT\n", stderr);
    return 2;
  }
  Source source;
  if (std::strcmp(argv[3], "text") == 0) {
    source.text = QString::fromLocal8Bit(argv[4]);
  } else {
    for (int i = 4; i < argc; ++i) {
      source.urls << QUrl::fromLocalFile(QFileInfo(QString::fromLocal8Bit(argv[i])).absoluteFilePath());
    }
  }
  source.setWindowFlag(Qt::FramelessWindowHint);
  source.setGeometry(QString::fromLocal8Bit(argv[1]).toInt(), QString::fromLocal8Bit(argv[2]).toInt(), 60, 60);
  source.setWindowTitle(QStringLiteral("dnd_source"));
  source.show();
  return app.exec();
}
