namespace Sluice.Sandbox.Aws.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_clients_agree_with_the_sandbox()
    {
        await using var sandbox = await AwsSandbox.StartAsync(new(), TestContext.Current.CancellationToken);

        var exitCode = await Testing.VendorClient.DriveAsync(
            "Sluice.Sandbox.Aws.Tests",
            "@aws-sdk",
            new
            {
                endpoint = sandbox.Endpoint.ToString(),
                region = sandbox.Region,
                account = sandbox.AccountId,
                service = Spell(sandbox.Credentials),
                administrator = Spell(sandbox.AdministratorCredentials),
                server = Spell(sandbox.ServerCredentials),
                roleArn = sandbox.RoleArn,
                externalId = sandbox.ExternalId,
            },
            output.WriteLine,
            TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0);
    }

    private static object Spell(AwsSandboxCredentials credentials) =>
        new { accessKeyId = credentials.AccessKeyId, secretAccessKey = credentials.SecretAccessKey };
}
