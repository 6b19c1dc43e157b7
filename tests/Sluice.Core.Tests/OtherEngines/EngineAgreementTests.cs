using Sluice.Testing.Large;
using Sluice.Testing.OtherEngines;

namespace Sluice.Core.Tests.OtherEngines;

/// <summary>Two engines that are not ours, given the same policies in their own languages, say the same.</summary>
public sealed class EngineAgreementTests
{
    private const int Samples = 200;

    [Fact]
    public async Task Cedar_and_Casbin_decide_as_Sluice_does()
    {
        var world = LargeWorld.Of(people: 1_000, tables: 1_000, seed: 1);

        var (granted, denied, exitCode) = await EngineAgreement.AskAsync(
            world, Samples, seed: 1, text => TestContext.Current.TestOutputHelper?.WriteLine(text), TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0, "what each engine said is in the output");
        granted.ShouldBeGreaterThan(Samples / 10);
        denied.ShouldBeGreaterThan(Samples / 10);
    }
}
