package reforest.config;

/**
 * On which scale a metric that has a border is about as uncertain upwards as downwards, so that an
 * interval that is drawn there ends within the border (the delta method, Oehlert 1992).
 */
enum MetricScale {
  /** The metric itself, which has no border. */
  PLAIN {
    @Override
    double of(double value) {
      return value;
    }

    @Override
    double slope(double value) {
      return 1;
    }

    @Override
    double back(double scaled) {
      return scaled;
    }
  },
  /** The logarithm, of what is above 0. */
  LOG {
    @Override
    double of(double value) {
      return Math.log(value);
    }

    @Override
    double slope(double value) {
      return 1 / value;
    }

    @Override
    double back(double scaled) {
      return Math.exp(scaled);
    }
  },
  /** The inverse hyperbolic tangent, of what is between −1 and 1 (Fisher 1915). */
  FISHER {
    @Override
    double of(double value) {
      return Math.log((1 + value) / (1 - value)) / 2;
    }

    @Override
    double slope(double value) {
      return 1 / ((1 - value) * (1 + value));
    }

    @Override
    double back(double scaled) {
      return Math.tanh(scaled);
    }
  },
  /** The negative logarithm of what is missing to 1, of what is below 1 and can be any loss. */
  REST {
    @Override
    double of(double value) {
      return -Math.log(1 - value);
    }

    @Override
    double slope(double value) {
      return 1 / (1 - value);
    }

    @Override
    double back(double scaled) {
      return 1 - Math.exp(-scaled);
    }
  },
  /** The logarithm of the odds, of what is between 0 and 1. */
  LOGIT {
    @Override
    double of(double value) {
      return Math.log(value / (1 - value));
    }

    @Override
    double slope(double value) {
      return 1 / (value * (1 - value));
    }

    @Override
    double back(double scaled) {
      return 1 / (1 + Math.exp(-scaled));
    }
  };

  /**
   * Wider than this on the scale, a straight line is too far from the curve, and an end that no
   * border holds would run away.
   */
  private static final double WIDEST = 2;

  /** The least that it is for; negative infinity where there is no border. */
  double least() {
    return switch (this) {
      case LOG, LOGIT -> 0;
      case FISHER -> -1;
      case PLAIN, REST -> Double.NEGATIVE_INFINITY;
    };
  }

  /** The greatest that it is for; infinity where there is no border. */
  double greatest() {
    return switch (this) {
      case LOGIT, FISHER, REST -> 1;
      case PLAIN, LOG -> Double.POSITIVE_INFINITY;
    };
  }

  abstract double of(double value);

  /** How much it changes on the scale for a small change of the value. */
  abstract double slope(double value);

  abstract double back(double scaled);

  /** Whether an interval of this width around the value can be drawn on the scale. */
  boolean holds(double value, double width) {
    double scaled = slope(value) * width;
    return scaled >= 0
        && Double.isFinite(scaled)
        && (this == LOGIT || this == FISHER || scaled <= WIDEST);
  }

  /** The end of an interval that reaches this far to a side: upwards, or if negative downwards. */
  double end(double value, double width) {
    return back(of(value) + slope(value) * width);
  }
}
