// Cuts what a program writes to its terminal into characters, control characters and escape sequences (the state
// machine of DEC's terminals as xterm has it, with UTF-8). Pure: bytes in, calls out; any bytes in any pieces are fine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace univrs::gui {

// ESC …, or ESC [ … (a "CSI" sequence).
struct TerminalSequence {
  static constexpr size_t kMaxParameters = 32;
  static constexpr int kMaxValue = 65'535;
  char prefix = 0;                                // one of < = > ? or 0
  char between = 0;                               // the last intermediate byte, as in ESC ( B
  char final = 0;                                 // what it does
  bool overflow = false;                          // more than one intermediate
  size_t count = 0;                               // parameters given
  std::array<int, kMaxParameters> values{};       // -1 = left out
  std::array<bool, kMaxParameters> colonJoined{}; // belongs to the parameter before, as in 38:5:1
  //! Parameter i, or `fallback` where it is left out or 0.
  [[nodiscard]] int number(size_t i, int fallback) const { return i < count && values[i] > 0 ? values[i] : fallback; }
  [[nodiscard]] int raw(size_t i) const { return i < count && values[i] > 0 ? values[i] : 0; }
};

class TerminalSink {
public:
  virtual ~TerminalSink() = default;
  virtual void printAscii(std::string_view text) = 0; // 0x20…0x7e only
  virtual void print(char32_t c) = 0;                 // a valid code point from U+00A0 on
  virtual void control(unsigned char c) = 0;          // 0x00…0x1f
  virtual void escape(const TerminalSequence& sequence) = 0;
  virtual void csi(const TerminalSequence& sequence) = 0;
  virtual void osc(std::string_view text) = 0; // at most kMaxOscBytes, without its end
};

class TerminalParser {
public:
  static constexpr size_t kMaxOscBytes = 4'096; // longer ones are skipped whole

  explicit TerminalParser(TerminalSink& sink) : m_sink(sink) {}
  void push(std::string_view bytes);
  //! Forgets a sequence or character begun.
  void abort();

private:
  enum class State : uint8_t { Ground, Escape, EscapeBetween, Csi, CsiIgnore, Osc, String };
  void byte(unsigned char c);
  void ground(unsigned char c);
  void escapeByte(unsigned char c);
  void csiByte(unsigned char c);
  void stringByte(unsigned char c);
  void begin(State state);
  size_t utf8Lead(unsigned char c);
  TerminalSink& m_sink;
  State m_state = State::Ground;
  TerminalSequence m_sequence;
  bool m_parameterOpen = false;
  std::string m_text; // of an OSC
  bool m_textTooLong = false;
  char32_t m_char = 0; // UTF-8 begun
  int m_missing = 0;   // its bytes to come
  unsigned char m_low = 0x80;
  unsigned char m_high = 0xBF; // range of its next byte
};

} // namespace univrs::gui
