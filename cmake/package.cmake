# What the Debian package holds: `cpack -G DEB` in the build folder.
install(TARGETS zhili RUNTIME DESTINATION bin)
install(DIRECTORY packs DESTINATION share/zhili)
install(DIRECTORY scenarios/data DESTINATION share/zhili/scenarios)
install(FILES packaging/configs/one.yaml DESTINATION /etc/zhili RENAME node.yaml)
install(FILES packaging/zhili.service DESTINATION /lib/systemd/system)
# The pages lie as they do here, so that a link in one finds the other.
install(FILES README.md README.zh.md CONTRIBUTING.md packaging/debian/copyright packaging/alerts.yml
        DESTINATION share/doc/zhili)
install(DIRECTORY docs DESTINATION share/doc/zhili)
install(DIRECTORY packaging/configs DESTINATION share/doc/zhili/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zhili)
set(CPACK_PACKAGE_CONTACT "zhili maintainers <zhili@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "governance of a medical-aesthetics marketplace")
set(CPACK_PACKAGE_DESCRIPTION "Judges products, contents and practitioners by a pack of rules, keeps every decision on disk
before it is acknowledged, and rehearses a change of rules on simulated or recorded traffic.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(debian ${CMAKE_SOURCE_DIR}/packaging/debian)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
