using Sluice.Core.Connections;

namespace Sluice.Core.Tests.Connections;

public sealed class LaxerSettingsTests
{
    private static readonly ConnectionSettings Usual = new() { ExemptRoles = ["app"], GuardMaxLost = 10 };

    [Fact]
    public void What_lets_more_be_seen_or_done_unasked_is_named() =>
        new ConnectionSettings
        {
            AcceptUnknownGovernance = true, ProtectUnregistered = false, ExemptRoles = ["app", "other"], MaskFunctionSchemas = ["A.B"], TrustPlatformTags = true, GuardMaxLost = 11,
        }.LaxerThan(Usual with { RefuseOnResidual = true }).ShouldBe(["acceptUnknownGovernance", "onResidual", "unregistered", "exemptRoles", "maskFunctionSchemas", "trustPlatformTags", "guard"]);

    [Fact]
    public void What_is_stricter_or_says_nothing_of_it_is_not() =>
        new ConnectionSettings { RefuseOnResidual = true, GuardMaxLost = 9, Mode = EnforcementMode.Observe, ObjectSyncEvery = TimeSpan.FromHours(1), IsActive = true }.LaxerThan(Usual with { MaskFunctionSchemas = ["A.B"] }).ShouldBeEmpty();

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(10, 10, false)]
    [InlineData(10, 9, false)]
    [InlineData(10, 11, true)]
    [InlineData(10, null, true)]
    [InlineData(null, 10, true)]
    public void A_limit_is_laxer_when_it_is_higher_or_may_be(int? before, int? after, bool isLaxer) =>
        (new ConnectionSettings { GuardMaxGained = after }.LaxerThan(new ConnectionSettings { GuardMaxGained = before }).Count > 0).ShouldBe(isLaxer);
}
