package io.ppstp.tracker.protocol;

/**
 * A spelling that RFC 7846's schema does not have but its examples or clients in the field do. The
 * reader accepts each and notes it; a strict reader refuses them all with 01 (Bad Request).
 */
public enum Leniency {
  /** An object where the schema has an array. */
  OBJECT_FOR_ARRAY,
  /** {@code Stat} instead of {@code stat}. */
  STAT_CAPITALISED,
  /** FIND's members beside {@code request_type} instead of inside {@code find}. */
  FLAT_FIND,
  /** {@code peer_number} instead of {@code peer_num}. */
  PEER_NUMBER,
  /** A peer number element without its {@code peer_count}. */
  PEER_COUNT_MISSING,
  /** A {@code peer_count} of 30 or more, lowered to the maximum. */
  PEER_COUNT_OVER_MAXIMUM,
  /** A number written as a string or with a fraction of zero. */
  NUMBER_SPELLING,
  /** {@code HIGH}, {@code NORMAL} or {@code LOW} for a number; read as "not stated". */
  LEVEL_FOR_NUMBER,
  /** An autonomous system number given as a JSON number or with the prefix {@code AS}. */
  ASN_SPELLING,
  /** An enumerated value in another case than the RFC prints. */
  ENUM_CASE,
  /** {@code 1.0} or {@code "1"} for version 1. */
  VERSION_SPELLING,
  /** A transaction ID that is a JSON number. */
  TRANSACTION_ID_NUMBER,
  /** A byte order mark before the message. */
  BYTE_ORDER_MARK,
  /** Another media type than {@code application/ppsp-tracker+json}, or none. */
  MEDIA_TYPE,
  /** A transaction ID used again with other content (RFC 7846, Section 4.3). */
  TRANSACTION_REUSED
}
