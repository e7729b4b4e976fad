// SPDX-License-Identifier: Apache-2.0
#include "node/keygen.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/link/keys.hpp"
#include "node/options.hpp"
#include "protocols/frame.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "keygen", "",
    "Makes the CURVE key pair with which a node or a client shows who it is, and writes two files: NAME.public, which\n"
    "is given to everybody who is to admit it, and NAME.secret, which stays where it was made, readable by its owner\n"
    "alone. Only the public key is printed. Existing files are never overwritten: for new keys take another name, or\n"
    "move the old files away first. Exit code 1: a file could not be written; 2: the name or folder is wrong, or a\n"
    "file of that name exists.\n"
    "生成节点或客户端的 CURVE 密钥对：NAME.public（公钥，交给允许其接入的各方）和 NAME.secret（私钥，仅属主可读，\n"
    "不要离开本机）。只打印公钥，不覆盖已有文件。\n\n"
    "examples\n"
    "  zhili keygen --out /etc/zhili/keys --name node-1     the keys of a node; its config names both files\n"
    "  zhili keygen --out . --name platform                 the keys of a client; node-1 gets platform.public\n"};

status check_name(const std::string& name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  if (!name.empty() && name.size() <= limits::node_name_bytes_max && name[0] != '.' &&
      std::all_of(name.begin(), name.end(), good)) {
    return {};
  }
  return fail(errc::bad_argument,
              fmt::format("--name '{}': 1 to {} letters, digits, dashes, underscores and dots, no dot first", name,
                          limits::node_name_bytes_max));
}

status write_new(const std::filesystem::path& file, const std::string& text, mode_t mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) {
    if (errno == EEXIST) {
      return fail(errc::bad_argument,
                  fmt::format("{} exists and is not overwritten; take another --name or move it away", file.string()));
    }
    return fail(errc::io, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  }
  // The umask may have taken more away than the mode says; it never adds.
  bool good = ::fchmod(fd, mode) == 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  good = ::fsync(fd) == 0 && good;
  const int why = errno;
  ::close(fd);
  if (good) return {};
  ::unlink(file.c_str());
  return fail(errc::io, fmt::format("{}: {}", file.string(), std::strerror(why)));
}

}  // namespace

result<key_files> write_key_files(const std::filesystem::path& folder, const std::string& name) {
  if (status s = check_name(name); !s) return tl::unexpected(s.error());
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    return fail(errc::bad_argument, fmt::format("--out {}: there is no such folder", folder.string()));
  }
  const curve_pair pair = make_curve_pair();
  key_files out{folder / (name + ".public"), folder / (name + ".secret"), pair.public_key};
  if (status s = write_new(out.secret_file, fmt::format("# zhili: CURVE secret key of {}; keep it here\n{}\n", name, pair.secret_key), 0600); !s) {
    return tl::unexpected(s.error());
  }
  if (status s = write_new(out.public_file, fmt::format("# zhili: CURVE public key of {}\n{}\n", name, pair.public_key), 0644); !s) {
    ::unlink(out.secret_file.c_str());
    return tl::unexpected(s.error());
  }
  return out;
}

int run_keygen(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("out", po::value<std::string>(), "folder for the two files; it has to exist")(
      "name", po::value<std::string>(), "whose keys they are: the node's or client's name in the configs");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  for (const char* needed : {"out", "name"}) {
    if (p.values.count(needed) == 0) {
      return complain({errc::bad_argument, fmt::format("keygen: --{} is missing; zhili keygen --help shows how", needed)});
    }
  }
  const auto made = write_key_files(p.values["out"].as<std::string>(), p.values["name"].as<std::string>());
  if (!made) return complain(made.error());
  const std::string public_file = made->public_file.string(), secret_file = made->secret_file.string();
  if (wants_json(p.values)) {
    const nlohmann::ordered_json out{{"name", p.values["name"].as<std::string>()},
                                     {"public_key", made->public_key},
                                     {"public_file", public_file},
                                     {"secret_file", secret_file}};
    std::printf("%s\n", out.dump().c_str());
    return exit_ok;
  }
  const bool zh = language_of(p.values) == scenarios::language::zh;
  std::printf("%s\n", made->public_key.c_str());
  std::fprintf(stderr, zh ? "已写入 %s（公钥）和 %s（私钥，请勿外传）\n" : "wrote %s (public) and %s (secret, keep it here)\n",
               public_file.c_str(), secret_file.c_str());
  return exit_ok;
}

}  // namespace zhili::node
