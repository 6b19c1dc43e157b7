using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>The count of applies, and whose the LF-Tags of a prefix are.</summary>
public sealed class EpochTests
{
    private static readonly AccessRule Sales = People.Rule("Sales");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_count_is_read_as_it_was_written_and_goes_with_a_cleanup()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var epoch = (IKeepsEpoch)session;
        (await epoch.ReadEpochAsync("SLUICE", Token)).ShouldBeNull();

        foreach (var count in (long[])[1, 2, 2, 999_999_999_999])
        {
            await epoch.WriteEpochAsync("SLUICE", count, Token);
            (await epoch.ReadEpochAsync("SLUICE", Token)).ShouldBe(count);
            (await epoch.ReadEpochAsync("OTHER", Token)).ShouldBeNull();
        }

        await epoch.RemoveEpochAsync("SLUICE", Token);
        (await epoch.ReadEpochAsync("SLUICE", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Another_instance_under_the_same_prefix_is_refused_and_changes_nothing()
    {
        await using var lake = await EnforcedLake.StartAsync(ServiceGrants.Super, "ann");
        lake.Identities = [EnforcedLake.Person("ann", "Sales")];
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)));
        await ((IKeepsEpoch)lake.Session).WriteEpochAsync("SLUICE", 7, Token);
        await lake.ReconcileAsync(intent);
        lake.Lake.Options = lake.Lake.Options with { Mark = new InstanceMark("another") };
        await using var other = lake.Lake.OpenWithKey();
        var epoch = (IKeepsEpoch)other;

        (await epoch.ReadEpochAsync("SLUICE", Token)).ShouldBeNull("its count says nothing of this instance's database");
        (await Should.ThrowAsync<PlatformException>(() => epoch.WriteEpochAsync("SLUICE", 1, Token))).Message.ShouldContain("another settings.prefix");
        var refusal = await Should.ThrowAsync<PlatformException>(() => ((IObservesAccess)other).ObserveAsync(intent, Token));
        (refusal.Failure, refusal.IsTransient).ShouldBe((PlatformFailure.Refused, false));
        await epoch.RemoveEpochAsync("SLUICE", Token);

        (await ((IKeepsEpoch)lake.Session).ReadEpochAsync("SLUICE", Token)).ShouldBe(7);
        (await lake.PlanAsync(intent)).Changes.ShouldBeEmpty();
        (await ((IObservesAccess)other).ObserveAsync(intent with { Prefix = "SECOND" }, Token)).Facts.ShouldNotContain(f => f.Owner == FactOwner.Ours);
    }
}
