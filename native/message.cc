#include "message.h"

#include <cerrno>

namespace netlink {

std::string_view Attribute::Text() const {
  const auto* text = reinterpret_cast<const char*>(payload.data);
  return {text, strnlen(text, payload.size)};
}

int Message::Error() const {
  int32_t error;
  if (payload.size < sizeof(error)) return EBADMSG;
  std::memcpy(&error, payload.data, sizeof(error));
  // An errno is at most 4095, and negative on the wire.
  return error <= 0 && error >= -4095 ? -error : EBADMSG;
}

bool Message::Generic(uint8_t& command, Bytes& attributes) const {
  genlmsghdr header;
  if (payload.size < sizeof(header)) return false;
  std::memcpy(&header, payload.data, sizeof(header));
  command = header.cmd;
  attributes = {payload.data + sizeof(header), payload.size - sizeof(header)};
  return true;
}

uint8_t* MessageWriter::Claim(size_t size) {
  const size_t aligned = NLMSG_ALIGN(size);
  if (overflowed_ || aligned > capacity_ - size_) {
    overflowed_ = true;
    return nullptr;
  }
  uint8_t* space = buffer_ + size_;
  std::memset(space, 0, aligned);
  size_ += aligned;
  return space;
}

void MessageWriter::Begin(const RequestHeader& header) {
  size_ = complete_;
  overflowed_ = false;
  uint8_t* space = Claim(NLMSG_HDRLEN + GENL_HDRLEN);
  if (space == nullptr) return;
  nlmsghdr outer = {};
  outer.nlmsg_type = header.family;
  outer.nlmsg_flags = NLM_F_REQUEST | header.flags;
  outer.nlmsg_seq = header.sequence;
  genlmsghdr inner = {};
  inner.cmd = header.command;
  inner.version = header.version;
  std::memcpy(space, &outer, sizeof(outer));
  std::memcpy(space + NLMSG_HDRLEN, &inner, sizeof(inner));
}

void MessageWriter::PutBytes(uint16_t type, const void* payload, size_t size) {
  nlattr header = {};
  const size_t length = sizeof(header) + size;
  if (length > UINT16_MAX) {
    overflowed_ = true;
    return;
  }
  uint8_t* space = Claim(length);
  if (space == nullptr) return;
  header.nla_len = static_cast<uint16_t>(length);
  header.nla_type = type;
  std::memcpy(space, &header, sizeof(header));
  if (size > 0) std::memcpy(space + sizeof(header), payload, size);
}

void MessageWriter::PutText(uint16_t type, std::string_view text) {
  nlattr header = {};
  const size_t length = sizeof(header) + text.size() + 1;
  if (length > UINT16_MAX) {
    overflowed_ = true;
    return;
  }
  uint8_t* space = Claim(length);
  if (space == nullptr) return;
  header.nla_len = static_cast<uint16_t>(length);
  header.nla_type = type;
  std::memcpy(space, &header, sizeof(header));
  std::memcpy(space + sizeof(header), text.data(), text.size());
}

size_t MessageWriter::BeginNested(uint16_t type) {
  const size_t start = size_;
  PutBytes(type | NLA_F_NESTED, nullptr, 0);
  return start;
}

void MessageWriter::EndNested(size_t start) {
  const size_t length = size_ - start;
  if (length > UINT16_MAX) overflowed_ = true;
  if (overflowed_) return;
  const auto stored = static_cast<uint16_t>(length);
  std::memcpy(buffer_ + start + offsetof(nlattr, nla_len), &stored, sizeof(stored));
}

bool MessageWriter::End() {
  if (overflowed_) {
    size_ = complete_;
    return false;
  }
  const auto length = static_cast<uint32_t>(size_ - complete_);
  std::memcpy(buffer_ + complete_ + offsetof(nlmsghdr, nlmsg_len), &length, sizeof(length));
  complete_ = size_;
  return true;
}

bool MessageWriter::AppendBarrier(uint32_t sequence) {
  size_ = complete_;
  overflowed_ = false;
  uint8_t* space = Claim(NLMSG_HDRLEN);
  if (space != nullptr) {
    nlmsghdr header = {};
    header.nlmsg_type = NLMSG_NOOP;
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    header.nlmsg_seq = sequence;
    std::memcpy(space, &header, sizeof(header));
  }
  return End();
}

}  // namespace netlink
