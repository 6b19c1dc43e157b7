using System.Text.Json;
using Sluice.Storage.Access;

namespace Sluice.Storage.Tests.Access;

public sealed class ApiKeyStoreTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_key_is_read_back_as_it_was_stored(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        (await database.ApiKeys.AnyAsync(Ending)).ShouldBeFalse();
        var key = Key("k1") with { ExpiresAt = Samples.At.AddDays(1), ScimSource = "okta" };
        await database.ApiKeys.AddAsync(key, Samples.Ada, Ending);
        (await database.ApiKeys.AnyAsync(Ending)).ShouldBeTrue();
        var stored = (await database.ApiKeys.FindAsync("k1", Ending)).ShouldNotBeNull();
        JsonSerializer.Serialize(stored).ShouldBe(JsonSerializer.Serialize(key));
        (await database.ApiKeys.FindAsync("K1", Ending)).ShouldBeNull();
        (await database.ApiKeys.FindAsync("k1\0", Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_use_is_recorded_to_the_minute_and_never_goes_back(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.ApiKeys.AddAsync(Key("k1"), Samples.Ada, Ending);
        await database.ApiKeys.TouchAsync("k1", Samples.At.AddSeconds(90), Ending);
        (await LastUsedAsync()).ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 1, 0, TimeSpan.Zero));
        await database.ApiKeys.TouchAsync("k1", Samples.At, Ending);
        (await LastUsedAsync()).ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 1, 0, TimeSpan.Zero));
        await database.ApiKeys.TouchAsync("none", Samples.At, Ending);

        async Task<DateTimeOffset?> LastUsedAsync() => (await database.ApiKeys.FindAsync("k1", Ending))!.LastUsedAt;
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_key_is_revoked_once_and_found_for_ever(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.ApiKeys.AddAsync(Key("k1"), Samples.Ada, Ending);
        (await database.ApiKeys.RevokeAsync("k1", Samples.Ada, Samples.At, Ending)).ShouldBeTrue();
        (await database.ApiKeys.RevokeAsync("k1", Samples.Ada, Samples.At.AddDays(1), Ending)).ShouldBeFalse();
        (await database.ApiKeys.RevokeAsync("none", Samples.Ada, Samples.At, Ending)).ShouldBeFalse();
        (await database.ApiKeys.FindAsync("k1", Ending))!.RevokedAt.ShouldBe(Samples.At);
        (await database.ApiKeys.AnyAsync(Ending)).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Keys_are_listed_by_holder(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.ApiKeys.AddAsync(Key("k2") with { CreatedAt = Samples.At.AddDays(1) }, Samples.Ada, Ending);
        await database.ApiKeys.AddAsync(Key("k1"), Samples.Ada, Ending);
        await database.ApiKeys.AddAsync(Key("k3") with { HolderId = "other" }, Samples.Ada, Ending);
        (await database.ApiKeys.ListAsync("ada", Ending)).Select(k => k.Id).ShouldBe(["k1", "k2"]);
        (await database.ApiKeys.ListAsync(null, Ending)).Select(k => k.Id).ShouldBe(["k1", "k3", "k2"]);
        (await database.ApiKeys.ListAsync("nobody", Ending)).ShouldBeEmpty();
    }

    private static StoredApiKey Key(string id) => new()
    {
        Id = id, Hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], Name = "ci", HolderId = "ada", Permissions = ["AUDIT", "GOVERNANCE"], SpeaksForHolder = true,
        CreatedAt = Samples.At, CreatedBy = "root",
    };
}
