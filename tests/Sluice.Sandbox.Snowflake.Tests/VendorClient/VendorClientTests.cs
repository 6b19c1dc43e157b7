using System.Text.Json.Nodes;

namespace Sluice.Sandbox.Snowflake.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_driver_agrees_with_the_sandbox()
    {
        await using var sandbox = await SnowflakeSandbox.StartAsync(
            new() { AsyncAfter = TimeSpan.Zero, InlineBytes = 50_000, ChunkBytes = 200_000, OAuthClients = [new("driver", SnowflakeSandbox.ServiceName) { Secret = "secret" }] },
            TestContext.Current.CancellationToken);

        var exitCode = await Testing.VendorClient.DriveAsync(
            "Sluice.Sandbox.Snowflake.Tests",
            "snowflake-sdk",
            new
            {
                endpoint = sandbox.Endpoint.ToString(),
                account = sandbox.AccountIdentifier,
                password = sandbox.PasswordOf(SnowflakeSandbox.ServiceName),
                adminPassword = sandbox.PasswordOf(SnowflakeSandbox.AdministratorName),
                privateKey = sandbox.CreateKeyPair(SnowflakeSandbox.ServiceName),
                oauthToken = await TokenAsync(sandbox),
            },
            output.WriteLine,
            TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0);
    }

    private static async Task<string> TokenAsync(SnowflakeSandbox sandbox)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            sandbox.TokenEndpoint,
            new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "driver"), new("client_secret", "secret")]),
            TestContext.Current.CancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["access_token"]!.ToString();
    }
}
