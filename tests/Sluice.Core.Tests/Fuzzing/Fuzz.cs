using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace Sluice.Core.Tests.Fuzzing;

/// <summary>Runs an input after an input for a while: two seconds, or a minute when SLUICE_LONG=1. SLUICE_FUZZ_SEED repeats a run.</summary>
internal static class Fuzz
{
    internal static bool IsLong { get; } = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";

    internal static TimeSpan Budget { get; } = TimeSpan.FromSeconds(IsLong ? 60 : 2);

    /// <summary>Each input comes from a generator of its own, seeded by the run's seed and the input's number.</summary>
    internal static void Run(Func<Random, byte[]> input, Action<byte[]> act)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        Log($"seed {seed}, {Budget.TotalSeconds} s");
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed < Budget || count == 0; count++)
        {
            var bytes = input(new Random(unchecked(seed + (count * 7919))));
            try
            {
                act(bytes);
            }
            catch (Exception e)
            {
                throw new XunitException(
                    $"SLUICE_FUZZ_SEED={seed}, input {count}, base64 {Convert.ToBase64String(bytes)}: {e.GetType().Name}: {e.Message}", e);
            }
        }

        Log($"{count} inputs");
    }

    internal static void Log(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
