using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ListingFingerprints : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "listing_fingerprint",
                table: "data_objects",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_data_objects_not_governed",
                table: "data_objects",
                column: "lineage",
                filter: "governance <> 0 AND NOT hidden");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_data_objects_not_governed",
                table: "data_objects");

            migrationBuilder.DropColumn(
                name: "listing_fingerprint",
                table: "data_objects");
        }
    }
}
