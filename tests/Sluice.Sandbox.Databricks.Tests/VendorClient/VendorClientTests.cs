using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_client_agrees_with_the_sandbox()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { Tls = true }, TestContext.Current.CancellationToken);
        var certificate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(certificate, sandbox.CertificatePem, TestContext.Current.CancellationToken);
        try
        {
            var exitCode = await Testing.VendorClient.DriveAsync(
                "Sluice.Sandbox.Databricks.Tests",
                "@databricks",
                new
                {
                    endpoint = sandbox.Endpoint.ToString(),
                    clientId = sandbox.ClientId,
                    clientSecret = sandbox.ClientSecret,
                    administratorToken = sandbox.AdministratorToken,
                    engineerToken = sandbox.TokenOf(SandboxCast.Engineer),
                    analystToken = sandbox.TokenOf(SandboxCast.Analyst),
                    warehouseId = sandbox.WarehouseId,
                    clusterId = sandbox.ClusterId,
                    metastoreId = sandbox.MetastoreId,
                    accountId = sandbox.AccountId,
                },
                output.WriteLine,
                TestContext.Current.CancellationToken,
                ("NODE_EXTRA_CA_CERTS", certificate));

            exitCode.ShouldBe(0);
        }
        finally
        {
            File.Delete(certificate);
        }
    }
}
