#include "engine/agent/assignment_file.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace univrs::agent {
namespace {

PersistedState sample() {
  PersistedState s;
  s.revision = 17;
  PersistedInstance p;
  p.assignment.instanceId = model::InstanceId("web-abc123");
  p.assignment.workloadId = model::WorkloadId("w");
  p.assignment.spec.name = "web";
  model::Container c;
  c.name = "main";
  c.image = "nginx:1";
  c.env["A"] = "b";
  p.assignment.spec.containers.push_back(c);
  p.assignment.generation = 3;
  p.assignment.templateHash = "abc";
  p.assignment.epoch = 9;
  p.assignment.restartEpoch = 2;
  p.assignment.stop = true;
  p.attempt = 4;
  p.state = model::InstanceState::Failed;
  p.message = "exited with code 1";
  p.finishedAt.ms = 1'700'000'000'123;
  s.instances.push_back(p);
  return s;
}

struct AssignmentFileTest : testing::Test {
  QTemporaryDir folder;
  AssignmentFile file{folder.path().toStdString()};
  void write(const QByteArray& bytes) {
    QFile f(QString::fromStdString(file.path()));
    ASSERT_TRUE(f.open(QIODevice::WriteOnly));
    f.write(bytes);
  }
};

TEST_F(AssignmentFileTest, NothingAtFirst) {
  const auto loaded = file.load();
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->has_value());
}

TEST_F(AssignmentFileTest, ReadsBackWhatItWrote) {
  ASSERT_TRUE(file.save(PersistedState{}));
  const auto saved = file.save(sample());
  ASSERT_TRUE(saved) << saved.error().text();
  const auto loaded = file.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  ASSERT_TRUE(loaded->has_value());
  EXPECT_EQ(**loaded, sample());
  const auto rights = QFileInfo(QString::fromStdString(file.path())).permissions();
  EXPECT_FALSE(rights & (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup));
}

TEST_F(AssignmentFileTest, DamageIsToldAndKept) {
  ASSERT_TRUE(file.save(sample()));
  QFile f(QString::fromStdString(file.path()));
  ASSERT_TRUE(f.open(QIODevice::ReadOnly));
  const QByteArray whole = f.readAll();
  f.close();
  for (const QByteArray& bytes : {whole.left(whole.size() / 2), QByteArray("[]"), QByteArray(), QByteArray("{}"),
                                  QByteArray(whole).replace("web-abc123\",", "web-abc123\",\"odd\":1,")}) {
    write(bytes);
    const auto loaded = file.load();
    ASSERT_FALSE(loaded) << bytes.constData();
    EXPECT_EQ(loaded.error().code, base::ErrorCode::Corrupt);
    EXPECT_TRUE(QFile::exists(QString::fromStdString(file.path()) + QStringLiteral(".damaged")));
    EXPECT_FALSE(QFile::exists(QString::fromStdString(file.path())));
  }
}

TEST_F(AssignmentFileTest, AFolderThatIsGoneIsAnError) {
  AssignmentFile nowhere(folder.path().toStdString() + "/none");
  EXPECT_FALSE(nowhere.save(sample()));
}

} // namespace
} // namespace univrs::agent
