// The form mode of the deploy sheet.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

bool until(const std::function<bool()>& condition) {
  return QTest::qWaitFor(condition, 20'000);
}

TEST(DeployForm, WritesTheTextFromFields) {
  ScriptedEngine engine;
  engine.onCommand = [](const interfaces::CommandRequest&) -> ScriptedEngine::Outcome {
    return interfaces::CommandOutcome();
  };
  Session session(engine, QStringLiteral("this computer"), false);
  engine.snapshot({});
  session.deploy()->startEmpty();
  DeployForm* form = session.deployForm();
  ASSERT_TRUE(form->available());
  form->setImage(QStringLiteral("ghcr.io/acme/shop:2.1"));
  EXPECT_EQ(form->name(), QStringLiteral("shop"));
  form->setReplicas(3);
  form->setPorts(QStringLiteral("8080:80, 53/udp"));
  form->setEnv(QStringLiteral("A=1\nB=x=y"));
  form->setCpu(QStringLiteral("0.5"));
  form->setMemory(QStringLiteral("256Mi"));
  const QString text = session.deploy()->text();
  for (const char* part : {"name: shop", "replicas: 3", "image: \"ghcr.io/acme/shop:2.1\"", "host_port: 8080"}) {
    EXPECT_TRUE(text.contains(QLatin1String(part)) || text.contains(QString::fromLatin1(part).remove(QLatin1Char('"'))))
        << part << "\n"
        << text.toStdString();
  }
  form->setPorts(QStringLiteral("8080:80, nonsense"));
  EXPECT_FALSE(form->portsProblem().isEmpty());
  EXPECT_EQ(session.deploy()->text(), text); // kept
  form->setEnv(QStringLiteral("A"));
  EXPECT_FALSE(form->envProblem().isEmpty());
  form->setMemory(QStringLiteral("much"));
  EXPECT_FALSE(form->memoryProblem().isEmpty());
}

TEST(DeployForm, ReadsWhatWasUnderstood) {
  ScriptedEngine engine;
  bool fail = false;
  engine.onCommand = [&](const interfaces::CommandRequest&) -> ScriptedEngine::Outcome {
    if (fail) {
      return base::makeError(base::ErrorCode::Validation, "not understood");
    }
    interfaces::CommandOutcome o;
    o.objects.push_back(model::toJson(workload("web", model::Health::Progressing, 0, 4)));
    return o;
  };
  Session session(engine, QStringLiteral("this computer"), false);
  engine.snapshot({});
  session.openText(QStringLiteral("services: # with a comment\n  web: {image: nginx}\n"));
  DeployForm* form = session.deployForm();
  ASSERT_TRUE(until([&] { return form->available() && form->name() == QLatin1String("web"); }));
  EXPECT_EQ(form->replicas(), 4);
  EXPECT_EQ(form->ports(), QStringLiteral("8080:80"));
  EXPECT_TRUE(form->losesComments());
  form->setReplicas(5);
  EXPECT_TRUE(session.deploy()->text().contains(QLatin1String("replicas: 5")));
  EXPECT_FALSE(form->losesComments());
  fail = true;
  session.deploy()->setText(QStringLiteral("nonsense"));
  ASSERT_TRUE(until([&] { return !form->available(); }));
  EXPECT_FALSE(form->unavailableBecause().isEmpty());
}

} // namespace
} // namespace univrs::gui::test
