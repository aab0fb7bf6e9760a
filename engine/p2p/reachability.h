// Whether strangers can dial this node, judged by what peers say who tried (AutoNAT). One answer proves little: several
// must agree, and a verdict once reached only falls when as many speak against it. Sans-IO.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/autonat_message.h"

#include <optional>
#include <unordered_map>

namespace univrs::p2p {

class Reachability {
public:
  enum class Verdict { Unknown, Public, Private };
  static constexpr int kSure = 2;                    // so many answers more on one side than on the other
  static constexpr int kMost = 3;                    // further ones do not count: change must remain possible
  static constexpr base::Millis kPause{5'000};       // between two questions while not sure
  static constexpr base::Millis kLongPause{600'000}; // when sure
  static constexpr base::Millis kSamePeer{25'000};   // before one peer is asked again, by which it is not too often
  static constexpr size_t kMaxAsked = 64;            // peers remembered; the one asked longest ago is forgotten

  // Whom to ask now of those that would answer; nothing: not now. He is taken for asked.
  std::optional<PeerId> ask(const std::vector<PeerId>& servers, base::Monotonic now);
  void answered(AutonatStatus status); // by one who was asked; what says nothing about us is left out
  // Our network is another one: what was said of the old one does not hold.
  void forget();

  [[nodiscard]] Verdict verdict() const { return m_verdict; }
  [[nodiscard]] int confidence() const { return m_score < 0 ? -m_score : m_score; } // 0 to kMost

private:
  [[nodiscard]] bool isSure() const;
  Verdict m_verdict = Verdict::Unknown;
  int m_score = 0; // above 0: public
  std::optional<base::Monotonic> m_lastAsked;
  std::unordered_map<PeerId, base::Monotonic> m_asked;
};

} // namespace univrs::p2p
