package io.ppstp.tracker.protocol;

/**
 * What a message has otherwise than RFC 7846's schema, or than the tracker understands, and is read
 * all the same. The reader notes each; a strict reader refuses those with 01 (Bad Request) that
 * {@link #isInRfc the RFC itself} does not have either.
 */
public enum Leniency {
  /** An object where the schema has an array, as in the RFC's examples. */
  OBJECT_FOR_ARRAY(true),
  /** {@code Stat} instead of {@code stat}, as in the RFC's examples. */
  STAT_CAPITALISED(true),
  /**
   * FIND's members beside {@code request_type} instead of inside {@code find}, as in the RFC's
   * examples.
   */
  FLAT_FIND(true),
  /** {@code peer_number} instead of {@code peer_num}. */
  PEER_NUMBER(false),
  /** A peer number element without its {@code peer_count}. */
  PEER_COUNT_MISSING(false),
  /** A {@code peer_count} of 30 or more, lowered to the maximum. */
  PEER_COUNT_OVER_MAXIMUM(false),
  /**
   * {@code concurrent_links}, {@code online_time} or {@code upload_bandwidth} as a string of
   * digits, as in the RFC's examples.
   */
  STATUS_AS_STRING(true),
  /** Any other number written as a string, or one with a fraction of zero. */
  NUMBER_SPELLING(false),
  /** {@code HIGH}, {@code NORMAL} or {@code LOW} for a number; read as "not stated". */
  LEVEL_FOR_NUMBER(false),
  /** An autonomous system number given as a JSON number or with the prefix {@code AS}. */
  ASN_SPELLING(false),
  /** An {@code asn} that is no number of 32 bits; read as "not stated". A string to the schema. */
  UNKNOWN_ASN(true),
  /** A {@code connection} that the RFC does not have, such as {@code 5G}; "not stated". */
  UNKNOWN_ACCESS_TYPE(false),
  /** An {@code ability_nat} that the RFC does not have; read as "not stated". */
  UNKNOWN_NAT_ABILITY(false),
  /**
   * A {@code peer_protocol} that is empty, over 64 characters, or not ASCII; read as "not stated".
   * A string to the schema.
   */
  UNKNOWN_PEER_PROTOCOL(true),
  /** An enumerated value in another case than the RFC prints. */
  ENUM_CASE(false),
  /** {@code 1.0} or {@code "1"} for version 1. */
  VERSION_SPELLING(false),
  /** A transaction ID that is a JSON number. */
  TRANSACTION_ID_NUMBER(false),
  /** A byte order mark before the message. */
  BYTE_ORDER_MARK(false),
  /** Another media type than {@code application/ppsp-tracker+json}, or none. */
  MEDIA_TYPE(false),
  /** A transaction ID used again with other content (RFC 7846, Section 4.3). */
  TRANSACTION_REUSED(false);

  private final boolean inRfc;

  Leniency(boolean inRfc) {
    this.inRfc = inRfc;
  }

  /** Returns whether the RFC has it, in one of its examples or by the types of its schema. */
  public boolean isInRfc() {
    return inRfc;
  }
}
