namespace Sluice.Testing.Naive;

/// <summary>SQL's three truth values, in the order that makes AND the least and OR the greatest.</summary>
public enum Truth
{
    False,
    Unknown,
    True,
}

/// <summary>How truth values are joined.</summary>
public static class Truths
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    public static Truth Not(Truth value) => value switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Unknown,
    };

    /// <summary>Every one is looked at, so that an error in any of them is met; of none: true.</summary>
    public static Truth And(IEnumerable<Truth> values)
    {
        var result = Truth.True;
        foreach (var value in values)
            if (value < result) result = value;
        return result;
    }

    /// <summary>Every one is looked at; of none: false.</summary>
    public static Truth Or(IEnumerable<Truth> values)
    {
        var result = Truth.False;
        foreach (var value in values)
            if (value > result) result = value;
        return result;
    }
}
