using Sluice.Core.QueryAudit;

namespace Sluice.Core.Tests.QueryAudit;

public sealed class IdentityHoldersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IdentityHolding Ada = new("ada", "ada", Noon, null);
    private static readonly IdentityHolding Bob = new("bob", "bob", Noon.AddHours(2), null);

    [Fact]
    public void Whoever_had_it_at_that_time_had_it()
    {
        IReadOnlyList<IdentityHolding> history = [Ada with { To = Noon.AddHours(1) }, Bob];
        IdentityHolders.At(history, [Bob], Noon.AddMinutes(30)).ShouldBe((["ada"], KnownBy.History));
        IdentityHolders.At(history, [Bob], Noon.AddHours(2)).ShouldBe((["bob"], KnownBy.History));
    }

    [Fact]
    public void Between_two_holders_and_before_one_of_them_nobody_is_blamed()
    {
        IReadOnlyList<IdentityHolding> history = [Ada with { To = Noon.AddHours(1) }, Bob];
        IdentityHolders.At(history, [Bob], Noon.AddMinutes(90)).ShouldBe(([], KnownBy.Nothing));
        IdentityHolders.At(history, [Bob], Noon.AddDays(-1)).ShouldBe(([], KnownBy.Nothing));
    }

    [Fact]
    public void Where_no_history_tells_otherwise_it_is_whoever_has_it_now_and_said_so()
    {
        IdentityHolders.At([], [Bob], Noon).ShouldBe((["bob"], KnownBy.Taking));
        IdentityHolders.At([Bob], [Bob], Noon).ShouldBe((["bob"], KnownBy.Taking));
        IdentityHolders.At([], [], Noon).ShouldBe(([], KnownBy.Nothing));
    }

    [Fact]
    public void A_shared_identity_has_all_of_its_holders() =>
        IdentityHolders.At([Ada, Bob], [Ada, Bob], Noon.AddHours(3)).ShouldBe((["ada", "bob"], KnownBy.History));
}

file static class Assertions
{
    public static void ShouldBe(this (IReadOnlyList<IdentityHolding> Holders, KnownBy By) found, (string[] People, KnownBy By) expected)
    {
        found.Holders.Select(static h => h.PersonId).ShouldBe(expected.People);
        found.By.ShouldBe(expected.By);
    }
}
