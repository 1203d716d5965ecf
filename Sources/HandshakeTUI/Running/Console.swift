import Glibc
import Model
import Terminal
import Text

/// The input and output of a command.
///
/// The program's console is the process's three standard streams; a test's is in memory.
protocol Console: Sendable {
  func isTerminal(_ stream: StandardStream) -> Bool
  /// The number of columns of the terminal; nil when it is unknown.
  var columns: Int? { get }
  /// Whether the locale's character set is UTF-8.
  var isUTF8: Bool { get }
  /// Writes all bytes to a stream; errors of standard error are ignored.
  ///
  /// - Throws: `CommandFailure` when another stream cannot be written to.
  func write(_ bytes: [UInt8], to stream: StandardStream) throws(CommandFailure)
  /// Reads standard input to its end.
  ///
  /// - Throws: `CommandFailure` when it cannot be read.
  func readInput() throws(CommandFailure) -> [UInt8]
  /// Reads the next line of standard input, without its line ending; nil at the end of the input.
  ///
  /// Bytes beyond `limit` are dropped.
  func readLine(limit: Int) -> [UInt8]?
}

enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case errors = 2
}

/// The standard streams of the process.
struct SystemConsole: Console {
  let isUTF8: Bool
  private let environment: [String: String]

  /// Sets the locale from the environment, which decides the characters that can be written.
  init(environment: [String: String]) {
    self.environment = environment
    isUTF8 = TerminalLocale.charset(of: environment) == .utf8
  }

  func isTerminal(_ stream: StandardStream) -> Bool { isatty(stream.rawValue) == 1 }

  var columns: Int? { TerminalWidth.columns(environment: environment) }

  func write(_ bytes: [UInt8], to stream: StandardStream) throws(CommandFailure) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(stream.rawValue, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // When stderr is closed, nobody can be informed.
        if stream == .errors { return }
        let number = errno
        throw CommandFailure(
          .failed, "the output could not be written", why: SystemError(number).words,
          remedy: SystemError(number).remedy)
      }
      written += count
    }
  }

  func readInput() throws(CommandFailure) -> [UInt8] {
    try OpenInput.standard.readAll()
  }

  func readLine(limit: Int) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = Glibc.read(StandardStream.input.rawValue, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return line.isEmpty ? nil : line }
      if byte == UInt8(ascii: "\n") { return line }
      if line.count < limit { line.append(byte) }
    }
  }
}

/// A descriptor that is read to its end: standard input, or a file that the operator named.
struct OpenInput {
  let descriptor: Int32

  static let standard = OpenInput(descriptor: 0)

  /// Reads from the descriptor to the end of the input.
  ///
  /// - Throws: `CommandFailure` when it cannot be read.
  func readAll() throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw CommandFailure(.failed, "the input could not be read", why: SystemError(errno).words)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// The text of `--version --licenses` and of the file NOTICE.
///
/// It covers everything in the static binary that is not this project's own, with the texts that
/// the licences require.
enum ThirdPartyNotices {
  static let text = """
    handshake
    Copyright 2026 the handshake authors
    Licensed under the Apache License, Version 2.0 (the file LICENSE).

    The binary that `make run` and `make install` build contains the software below, and uses these
    libraries of the system: ncurses and tinfo (MIT-X11), SQLite (public domain), glibc (LGPL 2.1),
    libcurl (the curl licence; loaded when AWS is asked),
    libstdc++ and libgcc (GPL 3 with the GCC Runtime Library Exception).

    Under the Apache License, Version 2.0
      Swift standard library, concurrency, Foundation, libdispatch
                                   Copyright Apple Inc. and the Swift project authors
                                   (with the Swift Runtime Library Exception)
      swift-crypto 4.5.2           Copyright 2019 The SwiftCrypto Project;
                                   contains a derivation of files from SwiftNIO
      swift-asn1                   Copyright 2022 The SwiftASN1 Project;
                                   contains derivations of scripts from SwiftNIO and from Swift
                                   OpenAPI Generator
      BoringSSL (in swift-crypto)  Copyright The BoringSSL Authors, The OpenSSL Project Authors

    Under the Unicode License V3
      ICU (in Foundation)          Copyright Unicode, Inc.
      Unicode Character Database   Copyright Unicode, Inc.
                                   (the table of scalars in Text is derived from it)

    Under the MIT License
      FlyingFox 0.27.1             Copyright (c) 2022 Simon Whitty (in handshake-sandbox alone)

    The MIT License
      Permission is hereby granted, free of charge, to any person obtaining a copy of this software
      and associated documentation files (the "Software"), to deal in the Software without
      restriction, including without limitation the rights to use, copy, modify, merge, publish,
      distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
      Software is furnished to do so, subject to the following conditions:

      The above copyright notice and this permission notice shall be included in all copies or
      substantial portions of the Software.

      THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
      BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
      NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
      DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
      OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

    The Unicode License V3
      Permission is hereby granted, free of charge, to any person obtaining a copy of data files and
      any associated documentation (the "Data Files") or software and any associated documentation
      (the "Software") to deal in the Data Files or Software without restriction, including without
      limitation the rights to use, copy, modify, merge, publish, distribute, and/or sell copies of
      the Data Files or Software, and to permit persons to whom the Data Files or Software are
      furnished to do so, provided that either (a) this copyright and permission notice appear with
      all copies of the Data Files or Software, or (b) this copyright and permission notice appear in
      associated Documentation.

      THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
      IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A
      PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY RIGHTS. IN NO EVENT SHALL THE COPYRIGHT
      HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR
      CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,
      WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
      CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.
    """
}
