package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.RoomBus.Ticket;
import io.ppstp.tracker.bus.RoomBus.TorrentRequest;
import io.ppstp.tracker.bus.TorrentFailure;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.protocol.ErrorCode;

/**
 * Hands what BitTorrent clients ask to their room, and says to them in their form what others are
 * told by codes of RFC 7846 and of HTTP. Stateless.
 */
final class TorrentMessages {
  private static final String BUSY = "the tracker is busy, try again";

  private TorrentMessages() {}

  /** Returns what the room gets of a request of theirs. */
  static TorrentRequest request(Exchange exchange, Ticket ticket, Requester requester) {
    String query = exchange.request.query();
    boolean scrape = exchange.torrents != null && exchange.torrents.scrape();
    return new TorrentRequest(ticket, requester, scrape, query == null ? "" : query);
  }

  /** Returns the body of the answer to a request that is refused. */
  static byte[] of(Refusal refusal) {
    boolean often = refusal.retryAfter() != null;
    String reason =
        switch (refusal.code()) {
          case SERVICE_UNAVAILABLE -> often ? "too many requests" : BUSY;
          case FORBIDDEN_ACTION -> "not from this page";
          default -> "bad request";
        };
    return TorrentFailure.of(reason, refusal.retryAfter());
  }

  /** Returns the answer to a request that could not be judged or was not answered. */
  static Answer of(ErrorCode code) {
    String reason = code == ErrorCode.SERVICE_UNAVAILABLE ? BUSY : "internal error";
    return new Answer(null, code, TorrentFailure.of(reason), false);
  }
}
