import CCurl
import CLinux
import Glibc
import Synchronization
import Text

/// The loop that runs all transfers, on its own thread.
///
/// Its state is used on that thread only.
final class CurlLoop {
  /// The number of connections kept for later requests.
  private static let connectionsKept = 32

  private let mailbox: CurlMailbox
  private let library: Result<CurlLibrary, HTTPFailure>
  private var transfers: [ObjectIdentifier: CurlTransfer] = [:]
  /// The exchanges of `transfers`, by the library's handles.
  private var exchanges: [UnsafeMutableRawPointer: CurlExchange] = [:]

  init(_ mailbox: CurlMailbox, _ library: Result<CurlLibrary, HTTPFailure>) {
    self.mailbox = mailbox
    self.library = library
  }

  /// Runs until a stop command arrives.
  func run() {
    switch library {
    case .failure(let failure): refuse(with: failure)
    case .success(let library):
      guard let multi = cc_multi_new(library.table, Self.connectionsKept) else {
        refuse(with: HTTPFailure(.other, sent: false, detail: Untrusted("out of memory")))
        return
      }
      drive(multi, library)
      for exchange in exchanges.values { end(exchange, in: multi, library, as: .cancelled) }
      cc_multi_free(library.table, multi)
    }
  }

  private func drive(_ multi: UnsafeMutableRawPointer, _ library: CurlLibrary) {
    while true {
      for command in mailbox.take() {
        switch command {
        case .start(let exchange): start(exchange, in: multi, library)
        case .cancel(let exchange): end(exchange, in: multi, library, as: .cancelled)
        case .stop: return
        }
      }
      _ = cc_multi_perform(library.table, multi)
      var code = CURLE_OK
      while let easy = cc_multi_ended(library.table, multi, &code) {
        if let exchange = exchanges[easy] {
          end(exchange, in: multi, library, as: .finished(code))
        }
      }
      // The library shortens the wait for its own timers.
      _ = cc_multi_wait(
        library.table, multi, mailbox.descriptor, transfers.isEmpty ? Int32.max : 60_000)
    }
  }

  private func start(
    _ exchange: CurlExchange, in multi: UnsafeMutableRawPointer, _ library: CurlLibrary
  ) {
    guard !exchange.isCancelled else {
      exchange.end(.failure(.cancelled(sent: false)))
      return
    }
    do throws(HTTPFailure) {
      let transfer = try CurlTransfer(exchange.request, library)
      guard cc_multi_add(library.table, multi, transfer.easy) == CURLM_OK else {
        throw HTTPFailure(
          .other, sent: false, detail: Untrusted("libcurl accepts no more transfers"))
      }
      transfers[ObjectIdentifier(exchange)] = transfer
      exchanges[transfer.easy] = exchange
      mailbox.report(running: transfers.count)
    } catch {
      exchange.end(.failure(error))
    }
  }

  private enum Ending {
    case finished(CURLcode)
    case cancelled
  }

  /// Ends an exchange; does nothing if it is not running.
  private func end(
    _ exchange: CurlExchange, in multi: UnsafeMutableRawPointer, _ library: CurlLibrary,
    as ending: Ending
  ) {
    guard let transfer = transfers.removeValue(forKey: ObjectIdentifier(exchange)) else { return }
    exchanges[transfer.easy] = nil
    mailbox.report(running: transfers.count)
    switch ending {
    case .finished(let code): exchange.end(transfer.outcome(code))
    case .cancelled: exchange.end(.failure(.cancelled(sent: transfer.isSent)))
    }
    cc_multi_remove(library.table, multi, transfer.easy)
  }

  /// Answers every request with the same failure, because there is no usable library.
  private func refuse(with failure: HTTPFailure) {
    while true {
      for command in mailbox.take() {
        switch command {
        case .start(let exchange): exchange.end(.failure(failure))
        case .cancel: break
        case .stop: return
        }
      }
      var wake = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&wake, 1, -1)
    }
  }
}

/// The command queue of the library's thread.
///
/// The library's handles never leave that thread. A descriptor wakes it, which it polls with its
/// sockets.
final class CurlMailbox: Sendable {
  enum Command: Sendable {
    case start(CurlExchange)
    case cancel(CurlExchange)
    case stop
  }

  let descriptor: Int32
  private let commands = Mutex<[Command]>([])
  /// The number of transfers that the thread holds.
  private let running = Atomic<Int>(0)

  /// Creates a queue; nil if no descriptor is available.
  init?() {
    descriptor = cl_event_open()
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  func post(_ command: Command) {
    commands.withLock { $0.append(command) }
    cl_event_raise(descriptor)
  }

  /// Removes and returns all commands posted so far.
  func take() -> [Command] {
    // Cleared before the commands are taken: one posted in between wakes the thread again.
    cl_event_clear(descriptor)
    return commands.withLock { commands in
      defer { commands = [] }
      return commands
    }
  }

  func report(running count: Int) { running.store(count, ordering: .relaxed) }

  /// The numbers of queued commands and running transfers, for tests that nothing is left over.
  var census: (queued: Int, running: Int) {
    (commands.withLock { $0.count }, running.load(ordering: .relaxed))
  }
}
