// Netlink messages: bytes to attributes and back. Nothing here knows IPVS, sockets or Node.
//
// Readers never look past the bytes that they were given, whatever those say about their own length. What is cut
// short ends the reading; what is unknown is the caller's to skip.
#pragma once

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace netlink {

// A stretch of memory that somebody else owns.
struct Bytes {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

// Lengths on the wire do not count the padding that aligns what follows.
inline Bytes Skip(Bytes bytes, size_t length) {
  const size_t aligned = NLMSG_ALIGN(length);
  if (aligned >= bytes.size) return {bytes.data + bytes.size, 0};
  return {bytes.data + aligned, bytes.size - aligned};
}

struct Attribute {
  uint16_t type = 0;
  Bytes payload;

  // Leaves the value as it is, and says false, where the payload is too short for it.
  template <typename T>
  bool CopyTo(T& value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    if (payload.size < sizeof(T)) return false;
    std::memcpy(&value, payload.data, sizeof(T));
    return true;
  }

  // The text up to the first NUL or the end.
  std::string_view Text() const;
};

class AttributeReader {
 public:
  explicit AttributeReader(Bytes attributes) : rest_(attributes) {}

  // False at the end, and where the rest is not an attribute. Here, not in message.cc: a table has millions of them.
  bool Next(Attribute& attribute) {
    nlattr header;
    if (rest_.size < sizeof(header)) return false;
    std::memcpy(&header, rest_.data, sizeof(header));
    if (header.nla_len < sizeof(header) || header.nla_len > rest_.size) return false;
    attribute.type = header.nla_type & NLA_TYPE_MASK;
    attribute.payload = {rest_.data + sizeof(header), header.nla_len - sizeof(header)};
    rest_ = Skip(rest_, header.nla_len);
    return true;
  }

 private:
  Bytes rest_;
};

struct Message {
  uint16_t type = 0;
  uint16_t flags = 0;
  uint32_t sequence = 0;
  // All that follows the netlink header.
  Bytes payload;

  // For NLMSG_ERROR and NLMSG_DONE: the errno in it, 0 for success; EBADMSG where there is none.
  int Error() const;
  // The command and the attributes of a generic netlink message; false where the payload is too short for one.
  bool Generic(uint8_t& command, Bytes& attributes) const;
};

// Takes the messages of one datagram apart.
class MessageReader {
 public:
  explicit MessageReader(Bytes datagram) : rest_(datagram) {}

  // False at the end, and where the rest is not a message.
  bool Next(Message& message) {
    nlmsghdr header;
    if (rest_.size < sizeof(header)) return false;
    std::memcpy(&header, rest_.data, sizeof(header));
    if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > rest_.size) return false;
    message.type = header.nlmsg_type;
    message.flags = header.nlmsg_flags;
    message.sequence = header.nlmsg_seq;
    message.payload = {rest_.data + sizeof(header), header.nlmsg_len - sizeof(header)};
    rest_ = Skip(rest_, header.nlmsg_len);
    return true;
  }

 private:
  Bytes rest_;
};

struct RequestHeader {
  uint16_t family = 0;
  uint16_t flags = 0;
  uint32_t sequence = 0;
  uint8_t command = 0;
  uint8_t version = 1;
};

// Writes generic netlink messages one behind the other into memory that the caller owns. What does not fit is not
// written: the message under way is then dropped as a whole by End().
class MessageWriter {
 public:
  MessageWriter(uint8_t* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}

  void Begin(const RequestHeader& header);
  void PutBytes(uint16_t type, const void* payload, size_t size);
  // With the closing NUL.
  void PutText(uint16_t type, std::string_view text);
  template <typename T>
  void Put(uint16_t type, T value) {
    static_assert(std::is_integral_v<T>);
    PutBytes(type, &value, sizeof(value));
  }
  // Returns what EndNested needs.
  size_t BeginNested(uint16_t type);
  void EndNested(size_t start);
  // False where the message did not fit, and so is not there.
  bool End();

  // A message that does nothing and is always answered. False where it did not fit.
  bool AppendBarrier(uint32_t sequence);

  Bytes Written() const { return {buffer_, complete_}; }
  size_t Free() const { return capacity_ - complete_; }
  void Clear() { size_ = complete_ = 0; }

 private:
  // Zeroed and aligned space behind what is written; null where there is too little.
  uint8_t* Claim(size_t size);

  uint8_t* buffer_;
  size_t capacity_;
  size_t size_ = 0;
  // Up to where whole messages are written.
  size_t complete_ = 0;
  bool overflowed_ = false;
};

}  // namespace netlink
