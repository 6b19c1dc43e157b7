namespace Sluice.Testing;

/// <summary>How much of the generated cases a run goes through.</summary>
public static class Seeds
{
    /// <summary>Whether the long run is asked for.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";

    /// <summary>The seeds of a run: as many as SLUICE_ROUNDS says, from SLUICE_SEED on.</summary>
    public static IEnumerable<uint> Of(uint first, uint few, uint many)
    {
        if (uint.TryParse(Environment.GetEnvironmentVariable("SLUICE_SEED"), out var asked)) first = asked;
        var count = uint.TryParse(Environment.GetEnvironmentVariable("SLUICE_ROUNDS"), out var rounds) ? rounds : IsLong ? many : few;
        for (var seed = first; seed < first + count; seed++) yield return seed;
    }
}
