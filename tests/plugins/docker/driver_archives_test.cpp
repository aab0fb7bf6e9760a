// Loading image archives into a real engine: what it takes, what is refused and in which words, cancelling.
#include "plugins/runtime-docker/image_archive.h"
#include "tests/plugins/docker/driver_fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

namespace univrs::docker::test {

namespace {
constexpr const char* kTag = "localhost/univrs-test/busybox:2";

// The docker archive of that tag, made by the environment's script; it is in no engine.
std::string archiveTwo() {
  return environment().folder + "/two.tar";
}

class ArchiveTest : public DriverTest {
protected:
  void SetUp() override {
    DriverTest::SetUp();
    std::filesystem::create_directories(place());
    forget(kTag);
  }
  void TearDown() override {
    forget(kTag);
    std::filesystem::remove_all(place());
    DriverTest::TearDown();
  }
  std::string place() const { return environment().folder + "/archives"; }
  void forget(const std::string& tag) {
    shell("curl -s --unix-socket " + environment().socket + " -X DELETE 'http://d/v1.40/images/" + tag +
          "?force=true'");
  }
  base::Result<std::vector<agent::LocalImage>> load(const std::string& path) {
    told.clear();
    return driver->loadArchive(path, [this](const agent::PullProgress& p) { told.push_back(p); }, {});
  }
  base::Error refused(const std::string& path) {
    auto loaded = load(path);
    EXPECT_FALSE(loaded.ok()) << path;
    return loaded ? base::Error() : loaded.error();
  }
  void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  std::vector<agent::PullProgress> told;
};

bool holds(const std::vector<agent::LocalImage>& list, const std::string& tag) {
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& i) { return std::find(i.tags.begin(), i.tags.end(), tag) != i.tags.end(); });
}
} // namespace

TEST_F(ArchiveTest, PlainGzipAndZstdAreLoadedAndRunWithoutARegistry) {
  ASSERT_EQ(shell("gzip -k -c " + archiveTwo() + " > " + place() + "/two.tar.gz").code, 0);
  std::vector<std::string> files{archiveTwo(), place() + "/two.tar.gz"};
  if (shell("command -v zstd && zstd -q " + archiveTwo() + " -o " + place() + "/two.tar.zst").code == 0) {
    files.push_back(place() + "/two.tar.zst");
  }
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    forget(kTag);
    const auto loaded = load(file);
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    ASSERT_EQ(loaded->size(), 1u);
    EXPECT_TRUE(holds(*loaded, kTag));
    EXPECT_TRUE(loaded->front().id.starts_with("sha256:"));
    EXPECT_FALSE(loaded->front().arch.empty());
    EXPECT_GT(loaded->front().sizeBytes, 100'000);
    EXPECT_EQ(loaded->front().createdAt.iso().substr(0, 10), "2023-11-14");
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.front().phase, "checking");
    EXPECT_EQ(told.back().phase, "done");
    EXPECT_TRUE(std::any_of(told.begin(), told.end(), [](const auto& p) { return p.phase == "sending"; }));
    for (const auto& p : told) {
      EXPECT_LE(p.current, p.total);
    }

    const auto pulled = driver->pull({image(kTag), model::PullPolicy::IfNotPresent}, {}, {});
    ASSERT_TRUE(pulled.ok()) << pulled.error().text();
    EXPECT_EQ(pulled->id, loaded->front().id);
    auto r = request({"cat", "/www/index.html"});
    r.image = *pulled;
    const std::string id = run(r);
    EXPECT_EQ(waitForExit(id).exitCode, 0);
    EXPECT_EQ(logsOf(id).at(0).text, "two");
    ASSERT_TRUE(driver->remove(id).ok());
  }
}

// "latest" is a name like any other: what is here is not asked of a registry.
TEST_F(ArchiveTest, AnUntaggedNameFromAnArchiveNeedsNoRegistry) {
  const std::string folder = place() + "/relabelled";
  ASSERT_EQ(shell("mkdir -p " + folder + " && tar -C " + folder + " -xf " + archiveTwo() +
                  " && sed -i "
                  "'s,localhost/univrs-test/busybox:2,univrs-local-only:latest,' " +
                  folder + "/manifest.json && tar -C " + folder + " -cf " + place() +
                  "/latest.tar manifest.json $(cd " + folder + " && ls | grep -v manifest)")
                .code,
            0);
  const auto loaded = load(place() + "/latest.tar");
  ASSERT_TRUE(loaded.ok()) << loaded.error().text();
  const std::string kept =
      environment().podman() ? "localhost/univrs-local-only:latest" : "docker.io/library/univrs-local-only:latest";
  EXPECT_TRUE(holds(*loaded, kept));
  const auto pulled = driver->pull({image("univrs-local-only"), model::PullPolicy::IfNotPresent}, {}, {});
  ASSERT_TRUE(pulled.ok()) << pulled.error().text();
  EXPECT_EQ(pulled->id, loaded->front().id);
  EXPECT_TRUE(driver->pull({image("univrs-local-only"), model::PullPolicy::Never}, {}, {}).ok());
  forget(kept);
}

TEST_F(ArchiveTest, AnOciLayoutIsLoadedOrRefusedWithTheWayOut) {
  ASSERT_EQ(shell("skopeo --insecure-policy --tmpdir " + place() + " copy -q docker-archive:" + archiveTwo() +
                  " oci-archive:" + place() + "/oci.tar:" + kTag)
                .code,
            0);
  const auto loaded = load(place() + "/oci.tar");
  if (environment().podman()) {
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    EXPECT_TRUE(holds(*loaded, kTag));
  } else if (!loaded) {
    EXPECT_EQ(loaded.error().code, base::ErrorCode::Unsupported) << loaded.error().text();
    EXPECT_NE(loaded.error().hint.find("skopeo copy oci-archive:"), std::string::npos);
  }
}

TEST_F(ArchiveTest, ImagesAreListed) {
  const auto list = driver->images({});
  ASSERT_TRUE(list.ok()) << list.error().text();
  EXPECT_TRUE(holds(*list, environment().localImage));
  EXPECT_FALSE(holds(*list, kTag));
  for (const auto& i : *list) {
    EXPECT_FALSE(i.arch.empty());
  }
  EXPECT_TRUE(std::is_sorted(list->begin(), list->end(),
                             [](const auto& a, const auto& b) { return a.createdAt > b.createdAt; }));
}

TEST_F(ArchiveTest, WhatIsNoImageArchiveIsRefusedWithWhatItIs) {
  const auto says = [this](const std::string& name, const std::string& bytes, base::ErrorCode code,
                           const std::string& words) {
    const std::string path = place() + "/" + name;
    if (!bytes.empty()) {
      write(path, bytes);
    }
    const base::Error e = refused(path);
    EXPECT_EQ(e.code, code) << e.text();
    EXPECT_NE(e.text().find(words), std::string::npos) << e.text();
    EXPECT_FALSE(e.hint.empty()) << e.text();
  };
  using base::ErrorCode;
  says("none.tar", "", ErrorCode::NotFound, "there is no such file on this node");
  says("note.tar", "apiVersion: v1\nkind: Pod\n", ErrorCode::Validation, "a text file");
  says("a.zip", std::string("PK\x03\x04") + std::string(600, '\0'), ErrorCode::Validation, "a zip archive");
  says("a.xz",
       std::string("\xfd"
                   "7zXZ\0\0\4",
                   8),
       ErrorCode::Validation, "xz -d");
  write(place() + "/empty.tar", "");
  says("empty.tar", "", ErrorCode::Validation, "it is empty");
  says("nul.tar", std::string(10'240, '\0'), ErrorCode::Validation, "tar archive");
  std::mt19937_64 random(7);
  std::string noise;
  for (int i = 0; i < 100'000; ++i) {
    noise += char(random());
  }
  says("noise.tar", noise, ErrorCode::Validation, "unknown kind");
  says("noise.gz", "\x1f\x8b" + noise, ErrorCode::Validation, "gzip");
  shell("echo hello > " + place() + "/hello.txt; cd " + place() +
        "; tar -cf plain.tar hello.txt; gzip -k hello.txt; "
        "mkfifo pipe; mkdir folder");
  says("plain.tar", "", ErrorCode::Validation, "a tar archive without an image");
  says("hello.txt.gz", "", ErrorCode::Validation, "gzip");
  says("pipe", "", ErrorCode::Validation, "no ordinary file");
  says("folder", "", ErrorCode::Validation, "it is a folder");
}

TEST_F(ArchiveTest, WhatIsCutShortOrDamagedIsSaid) {
  const auto size = int64_t(std::filesystem::file_size(archiveTwo()));
  for (const int64_t keep : {size / 2, size - 100'000, int64_t(4'096)}) {
    const std::string cut = place() + "/cut.tar";
    ASSERT_EQ(shell("head -c " + std::to_string(keep) + " " + archiveTwo() + " > " + cut).code, 0);
    const base::Error e = refused(cut);
    EXPECT_EQ(e.code, base::ErrorCode::Corrupt) << e.text();
    EXPECT_TRUE(e.text().find("cut short") != std::string::npos || e.text().find("not whole") != std::string::npos)
        << e.text();
  }
  ASSERT_EQ(shell("gzip -c " + archiveTwo() + " | head -c 300000 > " + place() + "/cut.tar.gz").code, 0);
  const base::Error gz = refused(place() + "/cut.tar.gz");
  EXPECT_EQ(gz.code, base::ErrorCode::Corrupt) << gz.text();
  EXPECT_NE(gz.text().find("cut short"), std::string::npos) << gz.text();

  // Whole as a tar, but a layer is not what the image says: Docker's own words. Podman does not look.
  if (environment().podman()) {
    return;
  }
  const std::string folder = place() + "/bad";
  ASSERT_EQ(shell("mkdir -p " + folder + " && tar -C " + folder + " -xf " + archiveTwo() + " && printf x | dd of=" +
                  folder + "/layer.tar bs=1 seek=700000 conv=notrunc 2>/dev/null; head -c 2000 /dev/zero > " + folder +
                  "/layer.tar; tar -C " + folder + " -cf " + place() + "/bad.tar .")
                .code,
            0);
  const base::Error bad = refused(place() + "/bad.tar");
  EXPECT_FALSE(bad.why.empty());
  const auto list = driver->images({});
  ASSERT_TRUE(list.ok());
  EXPECT_FALSE(holds(*list, kTag));
}

// A file that claims to hold a terabyte costs neither time nor memory.
TEST_F(ArchiveTest, AHugeClaimIsNotBelieved) {
  const std::string path = place() + "/sparse.tar";
  ASSERT_EQ(shell("truncate -s 3T " + place() + "/layer.tar && cd " + place() +
                  " && tar --format=gnu -cf - layer.tar 2>/dev/null | head -c 65536 > " + path + "; rm layer.tar")
                .code,
            0);
  const base::Error e = refused(path);
  EXPECT_EQ(e.code, base::ErrorCode::TooLarge) << e.text();
}

TEST_F(ArchiveTest, ABigLoadIsCancelledInTheMiddle) {
  // An image of 600 MB of noise.
  const std::string folder = place() + "/big";
  const std::string tag = "localhost/univrs-test/big:1";
  ASSERT_EQ(shell("set -e; mkdir -p " + folder + "/root; cd " + folder +
                  "; head -c 600000000 /dev/urandom > root/noise; tar -C root -cf layer.tar noise; rm -r root; "
                  "d=$(sha256sum layer.tar | cut -d' ' -f1); printf '{\"architecture\":\"amd64\",\"os\":\"linux\","
                  "\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}' $d > config.json; "
                  "c=$(sha256sum config.json | cut -d' ' -f1); mv config.json $c.json; "
                  "printf '[{\"Config\":\"%s.json\",\"RepoTags\":[\"" +
                  tag +
                  "\"],\"Layers\":[\"layer.tar\"]}]' $c > "
                  "manifest.json; tar -cf ../big.tar manifest.json $c.json layer.tar; cd ..; rm -r big")
                .code,
            0);
  base::CancelSource cancel;
  std::atomic<int64_t> sent{0};
  base::Result<std::vector<agent::LocalImage>> result = std::vector<agent::LocalImage>();
  std::thread worker([&] {
    result = driver->loadArchive(
        place() + "/big.tar",
        [&](const agent::PullProgress& p) {
          if (p.phase == "sending") {
            sent = p.current;
            if (p.current > p.total / 4) {
              cancel.cancel(); // on the worker itself: as soon as anyone could
            }
          }
        },
        cancel.token());
  });
  worker.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, base::ErrorCode::Cancelled) << result.error().text();
  EXPECT_GT(sent, 0);
  EXPECT_LT(sent, 600'000'000);
  const auto list = driver->images({});
  ASSERT_TRUE(list.ok());
  EXPECT_FALSE(holds(*list, tag));
  EXPECT_TRUE(eventually([&] { return load(archiveTwo()).ok(); })) << "the engine goes on";

  // The same one to its end, without this process growing by more than a few pieces.
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto whole = load(place() + "/big.tar");
  ASSERT_TRUE(whole.ok()) << whole.error().text();
  EXPECT_TRUE(holds(*whole, tag));
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB";
  forget(tag);
}

} // namespace univrs::docker::test
