// Image archives in the deploy sheet.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

bool until(const std::function<bool()>& condition) {
  return QTest::qWaitFor(condition, 20'000);
}

QUrl archive(const QTemporaryDir& dir, const QString& name, const QByteArray& head) {
  QFile file(dir.filePath(name));
  EXPECT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(head + QByteArray(5 << 20, '\0')); // longer than a manifest may be
  return QUrl::fromLocalFile(file.fileName());
}

TEST(DeployArchive, IsLoadedAndItsImageOffered) {
  ScriptedEngine engine;
  engine.onCommand = [](const interfaces::CommandRequest&) -> ScriptedEngine::Outcome {
    return interfaces::CommandOutcome();
  };
  std::vector<std::string> paths;
  engine.onImageArchive = [&](const std::string& path) -> base::Result<std::vector<interfaces::StoredImage>> {
    paths.push_back(path);
    interfaces::StoredImage image;
    image.tags = {"docker.io/acme/shop:2.1"};
    return std::vector<interfaces::StoredImage>{image};
  };
  Session session(engine, QStringLiteral("this computer"), false);
  engine.snapshot({});
  QTemporaryDir dir;
  session.openFiles({archive(dir, QStringLiteral("shop.img"), "\x1f\x8b")}); // by its content, whatever its name
  DeploySession* deploy = session.deploy();
  ASSERT_TRUE(until([&] { return deploy->active() && !deploy->loadingArchives(); }));
  ASSERT_EQ(paths.size(), 1u);
  EXPECT_EQ(deploy->text(), QStringLiteral("docker.io/acme/shop:2.1"));
  EXPECT_EQ(deploy->documents().size(), 1);
  EXPECT_EQ(deploy->archives().front().toMap().value(QStringLiteral("tone")).toString(), QStringLiteral("good"));
  ASSERT_TRUE(until([&] { return deploy->canDeploy(); }));
}

TEST(DeployArchive, SaysWhyNot) {
  ScriptedEngine engine; // answers "Unsupported"
  Session session(engine, QStringLiteral("this computer"), false);
  engine.snapshot({});
  QTemporaryDir dir;
  QByteArray tar(257, 'x');
  tar += "ustar";
  session.openFiles({archive(dir, QStringLiteral("a.tar"), tar)});
  DeploySession* deploy = session.deploy();
  ASSERT_TRUE(until([&] { return deploy->active() && !deploy->loadingArchives(); }));
  const QVariantMap failed = deploy->archives().front().toMap();
  EXPECT_EQ(failed.value(QStringLiteral("tone")).toString(), QStringLiteral("bad"));
  EXPECT_FALSE(failed.value(QStringLiteral("why")).toString().isEmpty());
  EXPECT_FALSE(deploy->canDeploy());

  Session remote(engine, QStringLiteral("https://node.example:8080"), true);
  engine.snapshot({});
  remote.openFiles({archive(dir, QStringLiteral("b.tar.zst"), "\x28\xb5\x2f\xfd")});
  ASSERT_TRUE(until([&] { return remote.deploy()->active(); }));
  EXPECT_TRUE(remote.deploy()
                  ->archives()
                  .front()
                  .toMap()
                  .value(QStringLiteral("why"))
                  .toString()
                  .contains(QLatin1String("another computer")));
}

} // namespace
} // namespace univrs::gui::test
