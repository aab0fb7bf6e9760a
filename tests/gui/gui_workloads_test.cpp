// Runs the tests of what the Workloads view, its inspector and the deploy sheet are made of.
#include <QApplication>
#include <QTemporaryDir>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs"));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
