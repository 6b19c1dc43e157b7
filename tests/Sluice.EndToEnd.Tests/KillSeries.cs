using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>How long a series of kills is: as SLUICE_SEED, SLUICE_ROUNDS and SLUICE_LONG say.</summary>
internal static class KillSeries
{
    /// <summary>After so many rounds in which no kill met what it was to interrupt, a series ends.</summary>
    public const int MostRounds = 8;

    /// <summary>The seed of what is random in it.</summary>
    public static int Seed(uint first) => (int)Seeds.Of(first, few: 1, many: 1).First();

    /// <summary>How many rounds it has.</summary>
    public static int Rounds(uint few, uint many) => Seeds.Of(0, few, many).Count();
}
