// Pictures of every page of the gallery, dark and light, against kept ones. They are drawn with Inter and JetBrains
// Mono by the software renderer; without these fonts the test is skipped. gallery_test --keep writes new references.
#include "app/gui/gallery.h"
#include "tests/gui/picture_difference.h"

#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QImage>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>

#include <cstdlib>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

constexpr int kWidth = 1100;

bool keep = false;
QStringList warnings;

void onMessage(QtMsgType type, const QMessageLogContext&, const QString& text) {
  std::fprintf(stderr, "%s\n", qPrintable(text));
  if (type != QtDebugMsg && type != QtInfoMsg &&
      (text.contains(QLatin1String("qrc:")) || text.contains(QLatin1String("QML")))) {
    warnings << text;
  }
}

class GalleryPage : public ::testing::TestWithParam<std::tuple<QString, bool>> {};

TEST_P(GalleryPage, LooksAsItDid) {
  for (const char* family : {"Inter", "JetBrains Mono"}) {
    if (!QFontDatabase::hasFamily(QLatin1String(family))) {
      GTEST_SKIP() << family << " is not installed: pictures in another font cannot be compared";
    }
  }
  const auto [page, dark] = GetParam();
  warnings.clear();
  const QImage shot = galleryShot(page, dark, kWidth).convertToFormat(QImage::Format_RGB32);
  ASSERT_FALSE(shot.isNull());
  EXPECT_TRUE(warnings.isEmpty()) << qPrintable(warnings.join(QLatin1Char('\n')));
  const QString name = QStringLiteral("%1-%2.png").arg(page, dark ? QStringLiteral("dark") : QStringLiteral("light"));
  const QString reference = QDir(QStringLiteral(UNIVRS_REFERENCES)).filePath(name);
  if (keep) {
    ASSERT_TRUE(shot.save(reference, "PNG", 0));
    return;
  }
  const QImage kept = QImage(reference).convertToFormat(QImage::Format_RGB32);
  const QString seen = QDir(QDir::tempPath()).filePath(QStringLiteral("univrs-gallery-") + name);
  ASSERT_FALSE(kept.isNull()) << qPrintable(reference) << " is missing; gallery_test --keep writes it";
  const bool sameSize = std::abs(kept.width() - shot.width()) == 0 && std::abs(kept.height() - shot.height()) <= 8;
  if (!sameSize) {
    shot.save(seen);
  }
  ASSERT_TRUE(sameSize) << kept.width() << "x" << kept.height() << " became " << shot.width() << "x" << shot.height()
                        << ", see " << qPrintable(seen);
  const QRect both(0, 0, kWidth, std::min(kept.height(), shot.height()));
  const PictureDifference d = pictureDifference(shot.copy(both), kept.copy(both));
  std::printf("%s: mean difference %.2f of 255, %.2f %% of pixels differ much\n", qPrintable(name), d.mean,
              d.share * 100);
  if (d.mean > kMaxMeanDifference || d.share > kMaxSharePastLimit) {
    shot.save(seen);
  }
  EXPECT_LE(d.mean, kMaxMeanDifference) << "see " << qPrintable(seen);
  EXPECT_LE(d.share, kMaxSharePastLimit) << "see " << qPrintable(seen);
}

INSTANTIATE_TEST_SUITE_P(All, GalleryPage, ::testing::Combine(::testing::ValuesIn(galleryPages()), ::testing::Bool()),
                         [](const ::testing::TestParamInfo<GalleryPage::ParamType>& page) {
                           return std::get<0>(page.param).toStdString() + (std::get<1>(page.param) ? "Dark" : "Light");
                         });

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc == 3 && QLatin1String(argv[1]) == QLatin1String("--shots")) {
    QApplication app(argc, argv);
    qputenv("UNIVRS_GALLERY_SCALE", "1");
    return univrs::gui::runGallery(QString::fromLocal8Bit(argv[2]));
  }
  univrs::gui::test::keep = argc == 2 && QLatin1String(argv[1]) == QLatin1String("--keep");
  QApplication app(argc, argv);
  qInstallMessageHandler(univrs::gui::test::onMessage);
  return RUN_ALL_TESTS();
}
