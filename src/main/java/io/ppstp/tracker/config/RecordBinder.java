package io.ppstp.tracker.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Makes a record of records from values by key.
 *
 * <p>A component {@code peerList} of a record is the section {@code peer-list}; a component {@code
 * inFlight} of the section's record is the key {@code in-flight} in it. This is reflection, once at
 * start, so that a new key needs no third place to be wired up in.
 */
final class RecordBinder {
  private RecordBinder() {}

  /**
   * Returns a {@code type} whose components have the values of {@code values}.
   *
   * @throws IllegalStateException if a component has no value, or one of another type
   */
  static <R extends Record> R bind(Class<R> type, Map<String, ?> values) {
    return bind(type, "", values);
  }

  private static <R extends Record> R bind(Class<R> type, String prefix, Map<String, ?> values) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = prefix + name(components[i]);
      Class<?> part = components[i].getType();
      arguments[i] =
          part.isRecord()
              ? bind(part.asSubclass(Record.class), key + ".", values)
              : present(key, values);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new IllegalStateException(type + " does not fit its settings", e);
    }
  }

  /** Returns the values of {@code record} by key, as {@link #bind} takes them. */
  static Map<String, Object> values(Record bound) {
    Map<String, Object> values = new HashMap<>();
    collect(bound, "", values);
    return values;
  }

  private static void collect(Record bound, String prefix, Map<String, Object> values) {
    for (RecordComponent component : bound.getClass().getRecordComponents()) {
      String key = prefix + name(component);
      try {
        Object value = component.getAccessor().invoke(bound);
        if (value instanceof Record part) {
          collect(part, key + ".", values);
        } else {
          values.put(key, value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(bound.getClass() + " hides " + key, e);
      }
    }
  }

  private static Object present(String key, Map<String, ?> values) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("there is no setting " + key);
    }
    return value;
  }

  private static String name(RecordComponent component) {
    ConfigKey key = component.getAnnotation(ConfigKey.class);
    return key != null
        ? key.value()
        : component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The configuration key of a record component, where Java does not allow the key as a name. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  @interface ConfigKey {
    /** The last part of the key, as written in the file. */
    String value();
  }
}
