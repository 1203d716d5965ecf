import Glibc

/// The file of a store before SQLite sees it: what kind of file it is, by its first bytes.
///
/// Nothing here writes to the file or makes another beside it.
struct StoreFile {
  var path: String

  /// Refuses whatever is not a store that this version can read.
  func check() throws(StoreError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
      throw .system(path: path, detail: systemErrorText(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let header = try firstBytes(100)
    guard header.count == 100, header.starts(with: Array("SQLite format 3".utf8) + [0]),
      number(header, at: 68) == UInt32(bitPattern: Schema.applicationID)
    else { throw .foreign(path: path) }
    let version = number(header, at: 60)
    guard version <= UInt32(Schema.version) else {
      throw .newer(path: path, version: Int(version), supported: Int(Schema.version))
    }
    guard version > 0 else { throw .damaged(path: path, detail: "it has no schema version") }
    try checkLength(header, Int64(status.st_size))
  }

  /// SQLite's own counts. With a write-ahead log beside it the file may lag behind its header.
  private func checkLength(_ header: [UInt8], _ length: Int64) throws(StoreError) {
    let written = Int64(header[16]) << 8 | Int64(header[17])
    let pageSize = written == 1 ? 65_536 : written
    guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else {
      throw .damaged(path: path, detail: "its page size is \(pageSize)")
    }
    guard !hasLog else { return }
    let pages = Int64(number(header, at: 28))
    guard length >= pages * pageSize else {
      throw .damaged(
        path: path, detail: "it is cut off: \(length) of \(pages * pageSize) bytes are left")
    }
  }

  private var hasLog: Bool { size(path + "-wal") > 0 }

  /// Whether another process has it open, or left something in the log that is not in the file yet.
  /// (A failed try to make the shared memory leaves a few bytes of it; in use it has 32 KiB or more.)
  var hasCompany: Bool { hasLog || size(path + "-shm") >= 32_768 }

  /// Of a regular file; 0 for anything else.
  private func size(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    return Int(status.st_size)
  }

  private func firstBytes(_ count: Int) throws(StoreError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { throw .system(path: path, detail: systemErrorText(errno)) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard got >= 0 else { throw .system(path: path, detail: systemErrorText(errno)) }
    return Array(bytes.prefix(got))
  }

  /// Big-endian, as everything in SQLite's header.
  private func number(_ header: [UInt8], at offset: Int) -> UInt32 {
    header[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// The C library's words for an error number. (glibc's strerror has a buffer for each thread.)
func systemErrorText(_ number: Int32) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
