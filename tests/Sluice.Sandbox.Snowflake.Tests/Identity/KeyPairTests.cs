using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Identity;

namespace Sluice.Sandbox.Snowflake.Tests.Identity;

public sealed class KeyPairTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What differs from a good token, and whether it still is one.</summary>
    [Theory]
    [InlineData("nothing", true)]
    [InlineData("locator", true)]
    [InlineData("hour", true)]
    [InlineData("milliseconds", true)]
    [InlineData("other key", false)]
    [InlineData("other fingerprint", false)]
    [InlineData("other account", false)]
    [InlineData("other user", false)]
    [InlineData("subject", false)]
    [InlineData("expired", false)]
    [InlineData("future", false)]
    [InlineData("too long", false)]
    [InlineData("no exp", false)]
    [InlineData("HS256", false)]
    public async Task A_key_pair_token_is_verified(string twist, bool good)
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Clock = new ManualClock(Now) });
        using var key = RSA.Create();
        key.ImportFromPem(bench.Sandbox.CreateKeyPair(SnowflakeSandbox.ServiceName));
        using var other = RSA.Create(2048);
        var account = twist switch { "locator" => "XY12345", "other account" => "OTHER", _ => "ACME-LOCAL" };
        var user = twist == "other user" ? SnowflakeSandbox.AdministratorName : SnowflakeSandbox.ServiceName;
        var print = KeyPairTokens.Fingerprint(Convert.ToBase64String((twist is "other key" or "other fingerprint" ? other : key).ExportSubjectPublicKeyInfo()));
        var issued = Now.ToUnixTimeSeconds() + (twist switch { "expired" => -7200, "future" => 600, _ => 0 });
        var claims = new JsonObject
        {
            ["iss"] = $"{account}.{user}.{print}",
            ["sub"] = $"{account}.{(twist == "subject" ? "ELSE" : user)}",
            ["iat"] = issued,
            ["exp"] = issued + (twist switch { "too long" => 3601, "hour" => 3600, _ => 120 }),
        };
        if (twist == "no exp") claims.Remove("exp");
        if (twist == "milliseconds") (claims["iat"], claims["exp"]) = (issued * 1_000, (issued + 120) * 1_000);
        var token = Jwt.Sign(new() { ["alg"] = twist == "HS256" ? "HS256" : "RS256", ["typ"] = "JWT" }, claims, twist == "other key" ? other : key);

        var answer = await bench.Client().LoginAsync(new { LOGIN_NAME = SnowflakeSandbox.ServiceName, AUTHENTICATOR = "SNOWFLAKE_JWT", TOKEN = token });

        if (good) answer.ShouldSucceed();
        else answer.ShouldFail("390144").Message.ShouldBe("JWT token is invalid.");
    }

    [Fact]
    public async Task A_second_key_lets_the_first_be_rotated()
    {
        await using var bench = await Bench.StartAsync();
        using var first = RSA.Create();
        first.ImportFromPem(bench.Sandbox.CreateKeyPair(SnowflakeSandbox.ServiceName));
        using var second = RSA.Create(2048);
        await bench.Run($"ALTER USER SLUICE_SERVICE SET RSA_PUBLIC_KEY_2 = '{Convert.ToBase64String(second.ExportSubjectPublicKeyInfo())}'");
        (await Login(bench, first)).ShouldSucceed();
        (await Login(bench, second)).ShouldSucceed();
        await bench.Run("ALTER USER SLUICE_SERVICE UNSET RSA_PUBLIC_KEY");
        (await Login(bench, first)).ShouldFail("390144");
        (await Login(bench, second)).ShouldSucceed();
    }

    private static Task<Answer> Login(Bench bench, RSA key) => bench.Client().KeyPairAsync(SnowflakeSandbox.ServiceName, key);
}
