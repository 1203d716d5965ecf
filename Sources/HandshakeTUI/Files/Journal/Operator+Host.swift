import Glibc
import Review
import Text

extension Operator {
  /// Who sits at this process's keyboard, as far as the host tells.
  static func onThisHost(environment: [String: String]) -> Operator {
    let audit = HostFile.read("/proc/self/loginuid").flatMap { UInt32($0) }
    return Operator(
      login: Untrusted(accountName ?? "uid \(geteuid())"),
      // Anybody may set the variable; sudo itself leads to root as a rule.
      behindSudo: geteuid() == 0 ? environment["SUDO_USER"].map { Untrusted($0) } : nil,
      // All ones: nobody has logged in.
      loginUID: audit == .max ? nil : audit.map { Int($0) }, terminal: terminalName)
  }

  private static var accountName: String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 4_096)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress,
        getpwuid_r(geteuid(), &entry, start, buffer.count, &found) == 0, found != nil,
        let name = entry.pw_name
      else { return nil }
      return String(cString: name)
    }
  }

  private static var terminalName: Untrusted? {
    var buffer = [CChar](repeating: 0, count: 256)
    let failed = buffer.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { ttyname_r(0, $0, buffer.count) } ?? ENOMEM
    }
    guard failed == 0 else { return nil }
    return Untrusted(bytes: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
  }
}

/// What the kernel tells about this host.
enum HostFile {
  /// The kernel's name for this boot.
  static var bootID: Untrusted { Untrusted(read("/proc/sys/kernel/random/boot_id") ?? "-") }

  static var hostName: Untrusted { Untrusted(read("/proc/sys/kernel/hostname") ?? "-") }

  /// The first line; nil when it cannot be read.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = OpenFile(descriptor: descriptor, path: path)
    guard let bytes = try? file.read(from: 0, limit: 4_096), !bytes.isEmpty else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
