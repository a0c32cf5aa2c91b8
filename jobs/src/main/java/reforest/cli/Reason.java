package reforest.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a person gives as the reason of a step; a blank one would record nothing. */
final class Reason implements ITypeConverter<String> {

  @Override
  public String convert(String typed) {
    if (typed.isBlank()) {
      throw new TypeConversionException("a blank text tells nobody why");
    }
    return typed;
  }
}
