using CsCheck;
using Sluice.Core.Connections;
using Sluice.Core.Tests.Catalog;
using Sluice.Core.Tests.Payloads;

namespace Sluice.Core.Tests.Connections;

public sealed class ConnectionSettingsWriterTests
{
    private static readonly Gen<int?> Limit = Gen.Frequency((1, Gen.Const((int?)null)), (3, Gen.Int[0, int.MaxValue].Select(i => (int?)i)));

    private static readonly Gen<ConnectionSettings> Any = Gen.Select(
        Gen.Bool.Array[6],
        Gen.OneOf(Enum.GetValues<EnforcementMode>()),
        Gen.OneOf(
            Gen.Long[TimeSpan.TicksPerMinute, 366 * TimeSpan.TicksPerDay].Select(TimeSpan.FromTicks),
            Gen.Int[1, 366].Select(days => TimeSpan.FromDays(days)),
            Gen.Int[1, 100_000].Select(minutes => TimeSpan.FromMinutes(minutes))),
        Gen.Select(Gen.Char['A', 'Z'], Gen.String[Gen.Char.AlphaNumeric, 0, 19], (first, rest) => first + rest),
        Names.WellFormed.Array[0, 4],
        Limit,
        Limit,
        Gen.Int[0, ConnectionSettingsReader.MaxGroupBudget],
        (flags, mode, every, prefix, roles, lost, gained, groups) => new ConnectionSettings
        {
            IsActive = flags[0],
            Mode = mode,
            ProtectUnregistered = flags[1],
            RefuseOnResidual = flags[2],
            ObjectSyncEvery = every,
            Prefix = prefix,
            ExemptRoles = [.. roles.Distinct()],
            MasksInView = flags[5],
            GroupBudget = groups,
            MaskFunctionSchemas = [.. roles.Distinct().Take(2)],
            TrustPlatformTags = flags[3],
            AcceptUnknownGovernance = flags[4],
            GuardMaxLost = lost,
            GuardMaxGained = gained,
        });

    [Fact]
    public void What_is_printed_reads_back_as_it_was_whatever_was_stored() => Gen.Select(Any, Any.Null()).Sample(
        (settings, stored) =>
        {
            var payload = Body.Of(ConnectionSettingsWriter.Write(settings).ToJsonString());
            ConnectionSettingsReader.Read(payload, stored).ShouldBe(settings);
            payload.Problems.Told().ShouldBeEmpty();
        },
        iter: 3_000);

    [Fact]
    public void The_defaults_print_as_the_contract_lists_them() => ConnectionSettingsWriter.Write(new ConnectionSettings()).ToJsonString().ShouldBe(
        """
        {"isActive":false,"mode":"sync","unregistered":"protect","onResidual":"report","objectSyncEvery":"P1D","prefix":"SLUICE","exemptRoles":[],"masks":"columns","groupBudget":0,"maskFunctionSchemas":[],"trustPlatformTags":false,"acceptUnknownGovernance":false,"guard":{"maxLost":null,"maxGained":null}}
        """.Trim());

    [Fact]
    public void Settings_that_print_alike_are_alike() => Gen.Select(Any, Any, Gen.Bool).Sample(
        (one, other, same) =>
        {
            if (same) other = one with { ExemptRoles = [.. one.ExemptRoles] };
            var printed = ConnectionSettingsWriter.Write(one).ToJsonString() == ConnectionSettingsWriter.Write(other).ToJsonString();
            one.Equals(other).ShouldBe(printed);
            if (printed) one.GetHashCode().ShouldBe(other.GetHashCode());
        },
        iter: 1_000);
}
